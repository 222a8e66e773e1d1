"""English: the wordings of every kind of fact and of the sections of a page.

Several wordings are in one string, " / " between them. See `Wording` for what each field means.
"""

from pipeline.questions.language import Wording


def _ask(kind: str, asked: str, others: str = "", cues: str = "", instead: str = "") -> Wording:
    return Wording(
        kind=kind,
        asked=_several(asked),
        phrasings=_several(others),
        cues=_several(cues),
        instead=_several(instead),
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(" / ") if part.strip())


_PERSON = (
    _ask(
        "birth date",
        "When {was} {x} born?",
        "What year {was} {x} born? / What is the date of birth of {x}? / When is {x}'s birthday?",
        "when born / year|date|day|month born / born / birthday|birthdate|birthyear|dob"
        " / date|year|day birth / birth / old / how old / age",
    ),
    _ask(
        "birth place",
        "Where {was} {x} born?",
        "What is the birthplace of {x}? / Which place {was} {x} born in?",
        "where born / city|town|country|place|state|village born / birthplace|hometown|birthtown"
        " / place|city|country birth / where from / where grow|grew up",
        "origin",
    ),
    _ask(
        "death date",
        "When did {x} die?",
        "What year did {x} die? / What is the date of death of {x}?",
        "when die|died|dead|pass|passed / year|date|day die|died|pass|passed away / date|year death"
        " / died|die / alive|dead|living / still alive / pass|passed away / death",
    ),
    _ask(
        "death place",
        "Where did {x} die?",
        "What is the place of death of {x}? / Which place did {x} die in?",
        "where die|died|pass|passed / city|town|country|place die|died / place death / deathplace"
        " / where pass|passed away",
    ),
    _ask(
        "death cause",
        "What was the cause of {x}'s death? / How did {x} die?",
        "What did {x} die of? / What was {x}'s cause of death?",
        "cause|reason death / how|why die|died / die|died of|from / killed / what kill|killed"
        " / how|why pass|passed away / manner death / death",
    ),
    _ask(
        "burial place",
        "Where is {x} buried?",
        "What is the burial place of {x}?",
        "where buried|burial|grave|tomb / buried / burial place / grave|tomb|resting place",
    ),
    _ask(
        "occupation",
        "What {be} the occupation of {x}?",
        "What {be} the profession of {x}? / What {be} {x}'s occupation?",
        "occupation|profession|job|jobs|occupations / living / work|works|worked as"
        " / what work / what does|did / known|famous",
    ),
    _ask(
        "nationality",
        "What {be} the nationality of {x}?",
        "Which nationality {be} {x}?",
        "nationality|citizenship / citizen / country from / nationality",
        "birth place",
    ),
    _ask(
        "education",
        "Where did {x} study?",
        "Which schools did {x} attend? / What is {x}'s alma mater?",
        "where study|studied|educated|graduate|graduated / alma mater / education|schooling"
        " / university|college|school|schools|universities|colleges"
        " / college|university|school go|went|attend|attended|study|studied|graduate|graduated"
        " / where school|college|university|go|went / where get|got degree / degree",
    ),
    _ask(
        "spouse",
        "Who did {x} marry?",
        "Who is {x} married to? / What is the name of {x}'s spouse?",
        "wife|husband|spouse|wives|husbands|spouses|partner / married|marry|wed / marriage",
    ),
    _ask(
        "children",
        "How many children {does} {x} have?",
        "How many kids {does} {x} have? / What is the number of children of {x}?",
        "children|kids|child|kid / how many children|kids / number children|kids"
        " / have kids|children / sons|daughters|son|daughter / offspring",
    ),
    _ask(
        "father",
        "Who {be} the father of {x}?",
        "Who {be} {x}'s father?",
        "father|dad / parents|parent",
    ),
    _ask(
        "mother",
        "Who {be} the mother of {x}?",
        "Who {be} {x}'s mother?",
        "mother|mom|mum / parents|parent",
    ),
    _ask(
        "noble house",
        "Which royal or noble house did {x} belong to?",
        "Which house did {x} belong to?",
        "house|dynasty / royal|noble house|family|dynasty",
    ),
    _ask(
        "predecessor",
        "Who preceded {x}{office}?",
        "Who came before {x}{office}?",
        "predecessor / preceded / came|was before",
    ),
    _ask(
        "successor",
        "Who succeeded {x}{office}?",
        "Who came after {x}{office}?",
        "successor / succeeded|replaced / came|was after|next / followed|follow",
    ),
    _ask(
        "reign",
        "When did {x} reign?",
        "What was the reign of {x}?",
        "reign|reigned|rule|ruled / when reign|rule|king|queen|emperor",
    ),
    _ask(
        "full name",
        "What is the full name of {x}?",
        "What is {x}'s full name?",
        "full|real|birth|complete name / name at birth / fullname",
    ),
    _ask(
        "body height",
        "How tall {is} {x}?",
        "What is the height of {x}? / What is {x}'s height?",
        "tall / height / how tall|big / how many feet|metres|meters|inches|cm tall",
    ),
    _ask(
        "weight",
        "How much {does} {x} weigh?",
        "What is the weight of {x}?",
        "weigh|weight|weighs|heavy / how much weigh|weight / how many kilos|pounds|kg",
    ),
    _ask(
        "residence",
        "Where does {x} live?",
        "What is the residence of {x}?",
        "where live|lives|living|reside|resides|home / residence / live|lives"
        " / city|town|country live|lives|living",
    ),
    _ask(
        "party",
        "Which political party {does} {x} belong to?",
        "What is the political party of {x}? / Which party is {x} in?",
        "party / political party|affiliation|parties / republican|democrat|conservative|liberal"
        " / republican democrat / politics / party member / political party belong|belongs",
    ),
    _ask(
        "field",
        "In which field{n} {does} {x} work? / Which field{n} {does} {x} work in?",
        "What is the field of work of {x}?",
        "field|fields|area|subject|specialty / work field|area / research",
    ),
    _ask(
        "doctoral advisor",
        "Who supervised the doctoral thesis of {x}?",
        "Who was the doctoral advisor of {x}?",
        "advisor|adviser|supervisor / doctoral|phd|thesis|doctorate advisor|adviser|supervisor"
        " / supervised thesis|doctoral|phd",
    ),
    _ask(
        "institution",
        "At which institution{n} did {x} work? / Which institution{n} did {x} work at?"
        " / At which institution{n} {has} {x} worked?",
        "Where did {x} work?",
        "institution|institutions / where work|worked|teach|taught / university teach|taught|worked"
        " / employer",
    ),
    _ask(
        "years active",
        "When {was} {x} active?",
        "What are the active years of {x}?",
        "active / years|when active / active years|period / years work|worked|working",
    ),
    _ask(
        "active since",
        "Since when {has} {x} been active?",
        "When did {x} become active?",
        "active / years|when active / active years|since",
    ),
    _ask(
        "playing position",
        "What {are} the playing position{n} of {x}?",
        "What {are} the position{n} of {x}?",
        "position|positions / position play|plays|played / playing position"
        " / where play|plays / where on field|pitch|court play|played",
    ),
    _ask(
        "team",
        "Which team does {x} play for?",
        "What is the team of {x}?",
        "team|club / team|club play|plays / current team|club / who play|plays for",
        "past teams",
    ),
    _ask(
        "past teams",
        "Which team{n} did {x} play for?",
        "Who did {x} play for?",
        "teams|clubs|team|club / teams|clubs|team|club play|played / who play|played for",
        "team",
    ),
    _ask(
        "turned professional",
        "When did {x} turn professional?",
        "What year did {x} turn pro?",
        "when|year turn|turned|become|became|go|went pro|professional / turned|turn pro",
    ),
    _ask(
        "playing years",
        "When did {x} play?",
        "What are the playing years of {x}?",
        "when play|played / playing years|career",
    ),
    _ask(
        "sport",
        "Which sport {does} {x} compete in?",
        "What is the sport of {x}?",
        "sport|sports|discipline / sport compete|play|do",
    ),
    _ask(
        "allegiance",
        "Which country did {x} serve?",
        "What was the allegiance of {x}?",
        "allegiance / country|side|nation serve|served|fight|fought|loyal",
    ),
    _ask(
        "service branch",
        "In which branch of the armed forces did {x} serve?"
        " / Which branch of the armed forces did {x} serve in?",
        "What was the service branch of {x}?",
        "branch / branch armed|forces|military|serve|service / military|armed forces|branch serve",
    ),
    _ask(
        "rank",
        "Which military rank did {x} reach? / What {be} the military rank of {x}?",
        "What was the military rank of {x}? / What was {x}'s military rank?",
        "rank / military rank / rank army|navy",
    ),
    _ask(
        "battles",
        "Which battles and wars did {x} take part in?",
        "Which battles did {x} fight in?",
        "battles|wars|war|battle / battles|wars|war|battle fight|fought|part|serve|served",
    ),
    _ask(
        "instruments",
        "Which instrument{n} {does} {x} play?",
        "What instrument{n} {does} {x} play?",
        "instrument|instruments / instrument|instruments play|plays|played",
    ),
    _ask(
        "awards",
        "Which award{n} did {x} receive?",
        "What are the awards of {x}? / Which award{n} did {x} win?",
        "award|awards|prize|prizes|honours|honors|medals / awards|award|prize|prizes win|won"
        "|receive"
        "|received|get|got",
    ),
)

_MUSIC = (
    _ask(
        "release date",
        "When {was} {x} released?",
        "When did {x} come out? / What is the release date of {x}? / What year {was} {x} released?",
        "when released|release|come|came|out / year|date released|release|come|came / release"
        "|released"
        " / come|came out / out / when / year / how old / old|age"
        " / when first shown|aired|screened|premiered",
        "first release / publication date / event date / built / founding date",
    ),
    _ask(
        "broadcast dates",
        "When {was} {x} broadcast?",
        "When did {x} air?",
        "when|year|date air|aired|broadcast|run|ran|shown / aired|broadcast"
        " / first aired|broadcast",
    ),
    _ask(
        "recording date",
        "When {was} {x} recorded?",
        "What year {was} {x} recorded?",
        "when|year|date recorded|record / recorded",
    ),
    _ask(
        "studio",
        "Where {was} {x} recorded?",
        "Which studio {was} {x} recorded at?",
        "where recorded / studio / studio recorded",
    ),
    _ask(
        "genre",
        "What {are} the genre{n} of {x}?",
        "Which genre is {x}?",
        "genre|genres / music|style|kind|type genre / kind|type|style|sort music|film|movie|game"
        "|book"
        "|song|play / style / genre belong|belongs",
    ),
    _ask(
        "episode duration",
        "How long {is} an episode of {x}?",
        "How long {is} one episode of {x}?",
        "long|length|duration|runtime|lasts|last episode|episodes / running|run time"
        " / how many minutes|hours / how long|minutes",
    ),
    _ask(
        "duration",
        "How long {is} {x}?",
        "What is the length of {x}?",
        "long|length|duration|runtime|lasts|last / running|run time / how many minutes|hours|miles"
        "|kilometres|kilometers|km long / minutes|miles / how long",
    ),
    _ask(
        "record label",
        "Which record label{n} released {x}? / Which record label{n} did {x} record for?",
        "What is the record label of {x}?",
        "label|labels / record label|labels|company / label released|release|on|signed|put",
    ),
    _ask(
        "producer",
        "Who produced {x}?",
        "Who is the producer of {x}?",
        "producer|producers|produced|produce",
    ),
    _ask(
        "writer",
        "Who wrote {x}?",
        "Who is the author of {x}?",
        "wrote|write|written|writes / author|authors|writer|writers|songwriter|novelist|lyricist"
        " / author|writer wrote / wrote|written song|book|novel|play|film|script|lyrics|words"
        " / author screenplay|script",
        "original author / screenwriter / creator",
    ),
    _ask(
        "composer",
        "Who composed the music of {x}?",
        "Who is the composer of {x}? / Who wrote the music of {x}?",
        "composer|composers|composed|compose / music|score|soundtrack / who music|score|soundtrack"
        " / wrote|made|composed music|score|soundtrack",
        "writer",
    ),
    _ask(
        "members",
        "Who {are} the members of {x}?",
        "Who is in {x}?",
        "member|members|lineup / band members / who in / whos in / who plays|play in / line up",
        "cast",
    ),
    _ask(
        "past members",
        "Who are the former members of {x}?",
        "Who was once a member of {x}?",
        "former|past|old|ex members|member / who left / once member|members"
        " / former member|members",
        "members",
    ),
    _ask(
        "origin",
        "Where {is} {x} from?",
        "Where {is} {x} originally from?",
        "where from / where come|comes|came|originate|originated / origin / city|town|country from"
        " / formed where / where originally from",
        "birth place / origin place / country of origin / country",
    ),
    _ask(
        "associated acts",
        "Which acts {is} {x} associated with?",
        "What are the associated acts of {x}?",
        "associated / acts|bands|groups associated / associated acts",
    ),
    _ask(
        "b-side",
        "What is the B-side of {x}?",
        "What is on the B-side of {x}?",
        "b side / bside / flip side",
    ),
)

_SCREEN = (
    _ask(
        "director",
        "Who directed {x}?",
        "Who is the director of {x}?",
        "director|directors|directed|direct / filmmaker / made|make film|movie"
        " / who made|make / whose film|movie",
        "creator / developer",
    ),
    _ask(
        "screenwriter",
        "Who wrote the screenplay of {x}?",
        "Who is the screenwriter of {x}?",
        "screenplay|screenwriter|script|scriptwriter / wrote screenplay|script",
        "writer",
    ),
    _ask(
        "story writer",
        "Who wrote the story of {x}?",
        "Who is the story of {x} by?",
        "story / wrote story / story by",
        "writer",
    ),
    _ask(
        "cast",
        "Who stars in {x}?",
        "Who plays in {x}? / Who is in the cast of {x}? / Which actors are in {x}?",
        "star|stars|starring|starred / cast / actor|actors|actress|actresses / plays|play|played in"
        " / who plays|play|played|acts|acted / who in / whos in / lead role|actor",
        "voices / members",
    ),
    _ask(
        "voices",
        "Whose voices are heard in {x}?",
        "Who voices {x}?",
        "voice|voices|voiced / voice actors|cast / whose voices|voice heard",
        "cast",
    ),
    _ask(
        "presenter",
        "Who presents {x}?",
        "Who is the presenter of {x}?",
        "presents|presenter|presenters|presented|host|hosts|hosted",
    ),
    _ask(
        "narrator",
        "Who narrated {x}?",
        "Who is the narrator of {x}?",
        "narrated|narrator|narrates",
    ),
    _ask(
        "cinematographer",
        "Who was the cinematographer of {x}?",
        "Who did the cinematography of {x}?",
        "cinematographer|cinematography|cameraman|camera",
    ),
    _ask(
        "editor",
        "Who edited {x}?",
        "Who is the editor of {x}?",
        "edited|editor|editors|editing",
    ),
    _ask(
        "production company",
        "Which compan{ny} produced {x}?",
        "What is the production company of {x}?",
        "production company|companies|studio / company|studio|studios produced|made|behind"
        " / production",
        "producer",
    ),
    _ask(
        "distributor",
        "Who distributed {x}?",
        "Who is the distributor of {x}?",
        "distributed|distributor|distribution",
    ),
    _ask(
        "country of origin",
        "Which countr{ny} {does} {x} come from?",
        "What is the country of origin of {x}?",
        "country|countries / country|countries origin|from|come|made / where from|made|come",
        "origin",
    ),
    _ask(
        "language",
        "What {are} the language{n} of {x}?",
        "Which language is {x} in?",
        "language|languages / language spoken|speak|in / language made|filmed|shot",
        "official language / programming language",
    ),
    _ask(
        "budget",
        "What was the budget of {x}?",
        "How much did {x} cost to make?",
        "budget / cost|costs / how much cost|make|made",
    ),
    _ask(
        "box office",
        "How much did {x} earn at the box office?",
        "What was the box office of {x}?",
        "box office / earn|earned|gross|grossed|earnings / how much earn|make|gross|money"
        " / money make|made",
    ),
    _ask(
        "creator",
        "Who created {x}?",
        "Who is the creator of {x}?",
        "created|creator|creators|create / invented|inventor|made|make|came up with / who made|make"
        " / who behind",
        "founder / developer / designer / original author / writer",
    ),
    _ask(
        "seasons",
        "How many seasons {does} {x} have?",
        "How many seasons of {x} are there?",
        "seasons|season|series / how many|number seasons|season|series",
    ),
    _ask(
        "episodes",
        "How many episodes {does} {x} have?",
        "How many episodes of {x} are there?",
        "episodes|episode / how many|number episodes",
    ),
    _ask(
        "network",
        "Which network first broadcast {x}?",
        "Which channel is {x} on?",
        "network|channel|station / network|channel broadcast|aired|air|show|showed / aired"
        "|broadcast / tv|television channel|network|station / network broadcast|broadcasts",
    ),
    _ask(
        "publisher",
        "Who published {x}? / Who publishes {x}?",
        "Who is the publisher of {x}?",
        "publisher|publishers|published|publishing / publishing house|company",
    ),
    _ask(
        "publication date",
        "When {was} {x} published?",
        "What year {was} {x} published? / When did {x} come out?",
        "when published|publication|released|written|come|came|out / publication date"
        " / year|date published|publication|released|written / come|came out / when / year / old",
        "release date",
    ),
    _ask(
        "pages",
        "How many pages {does} {x} have?",
        "What is the number of pages of {x}?",
        "pages / how many|number pages / page count / long",
    ),
    _ask(
        "discipline",
        "What {are} the discipline{n} of {x}?",
        "",
        "discipline|subject / field",
    ),
)

_SOFTWARE = (
    _ask(
        "developer",
        "Who developed {x}?",
        "Who is the developer of {x}?",
        "developer|developers|developed|develop / made|make|makes / company|studio made|makes"
        "|developed"
        " / who made|make|makes / who behind / company|studio created|made|developed|built",
        "creator / designer / original author / manufacturer",
    ),
    _ask(
        "original author",
        "Who was the original author of {x}?",
        "Who originally wrote {x}?",
        "original author|authors|writer|developer / wrote|written|write / author"
        " / originally wrote|written|created / original author|writer",
        "writer / developer / creator",
    ),
    _ask(
        "designer",
        "Who designed {x}?",
        "Who is the designer of {x}?",
        "designer|designers|designed|design / invented|inventor",
        "architect / creator / developer",
    ),
    _ask(
        "first release",
        "When {was} {x} first released?",
        "When did {x} first come out?",
        "when released|release|come|came|out|appear|appeared|first|created|made / initial|first"
        " release"
        " / year|date released|release|created|made / released|release / come|came out / when /"
        " year"
        " / old",
        "release date",
    ),
    _ask(
        "programming language",
        "Which programming language{n} {is} {x} written in?",
        "What language is {x} written in?",
        "language|languages / programming|coding language|languages / language|languages written"
        " / written",
        "language",
    ),
    _ask(
        "operating system",
        "Which operating system{n} {does} {x} run on?",
        "What does {x} run on?",
        "operating system|systems / os / runs|run on / platform|platforms",
        "platform",
    ),
    _ask(
        "platform",
        "On which platform{n} {is} {x} available? / Which platform{n} {is} {x} available on?",
        "Which consoles can {x} be played on?",
        "platform|platforms|console|consoles / console|consoles|platform|platforms play|run"
        "|available"
        " / runs|run on / play on / available on / consoles|console played"
        " / consoles|console|systems|system run|runs",
        "operating system",
    ),
    _ask(
        "license",
        "Under which license {is} {x} released? / Which license {is} {x} released under?",
        "What is the license of {x}?",
        "license|licence|licensed / license|licence under|released",
    ),
    _ask(
        "engine",
        "Which engine {does} {x} use?",
        "What is the engine of {x}?",
        "engine / engine use|uses|used|run|runs|built",
    ),
    _ask(
        "play modes",
        "Which modes of play {does} {x} have?",
        "What are the modes of play of {x}?",
        "mode|modes / modes|mode play / multiplayer|singleplayer|single|multi|player|players",
    ),
    _ask(
        "manufacturer",
        "Who manufactured {x}?",
        "Who is the manufacturer of {x}? / Who made {x}?",
        "manufacturer|manufactured|manufactures|maker / made|make|makes|built|builds"
        " / company made|makes",
        "builder / developer",
    ),
)

RANKS = (
    *("kingdom", "phylum", "class", "order", "suborder", "superfamily", "family", "subfamily"),
    *("tribe", "genus"),
)
_TAXON = tuple(
    _ask(
        f"{rank} of species",
        f"To which {rank} {{does}} {{x}} belong? / Which {rank} {{does}} {{x}} belong to?",
        f"What {rank} {{does}} {{x}} belong to?",
        f"{rank} / {rank} belong|belongs|member|in",
    )
    for rank in RANKS
)

DIVISIONS = (
    *("state", "region", "province", "county", "department", "arrondissement", "canton"),
    *("district", "municipality", "prefecture", "voivodeship", "governorate"),
)
_DIVISIONS = tuple(
    _ask(
        noun,
        f"Which {noun} {{is}} {{x}} in?",
        f"What {noun} {{is}} {{x}} in? / What {noun} {{is}} {{x}} part of?",
        f"{noun} / {noun} part|belong|belongs|located|lie|lies / where / where located|lie|lies",
        "country",
    )
    for noun in DIVISIONS
)

_PLACE = (
    _ask(
        "country",
        "Which countr{ny} {is} {x} in? / Which countries {is} {x} in?",
        "In which countr{ny} {is} {x}?",
        "country|countries / country|countries located|part|belong / where / where located|situated"
        "|found / location / country lie|lies / where world",
        "location / country of origin / state / region / province / county",
    ),
    _ask(
        "population",
        "What {be} the population of {x}{year}? / What {be} the population of {x}?",
        "How many people live in {x}?",
        "population / inhabitants|residents|people|citizens / how many people|inhabitants|residents"
        "|citizens|live|lives|living|lived / number people|inhabitants|residents / populous|big"
        "|large",
    ),
    _ask(
        "population density",
        "What {be} the population density of {x}?",
        "How densely populated is {x}?",
        "density / population density / densely populated / dense"
        " / people per square kilometre|kilometer|km|mile",
    ),
    _ask(
        "area",
        "What {be} the area of {x}?",
        "How large {be} {x}?",
        "area|size / big|large / surface area / how big|large"
        " / square miles|kilometres|kilometers"
        " / how many square kilometres|kilometers|km|miles|hectares|acres",
        "population",
    ),
    _ask(
        "elevation",
        "What {be} the elevation of {x}? / What {be} the highest elevation of {x}?",
        "How high is {x}?",
        "elevation|altitude / high / how high / above sea level / how far above sea"
        " / height above sea / above sea level",
        "height",
    ),
    _ask(
        "mayor",
        "Who {then} the mayor of {x}{year}?",
        "What is the name of the mayor of {x}?",
        "mayor / current mayor / who runs|leads|governs",
        "governor",
    ),
    _ask(
        "governor",
        "Who {then} the governor of {x}{year}?",
        "What is the name of the governor of {x}?",
        "governor / who governs|runs|leads",
        "mayor",
    ),
    _ask(
        "time zone",
        "Which time zone {is} {x} in?",
        "What is the time zone of {x}?",
        "time zone / timezone / utc / timezone use|uses|have|has / time zone use|uses|have|has",
    ),
    _ask(
        "postal code",
        "What {are} the postal code{n} of {x}?",
        "What is the zip code of {x}?",
        "postal|post|zip code|codes / postcode|zipcode|zip",
    ),
    _ask(
        "area code",
        "What {are} the area code{n} of {x}?",
        "What is the dialling code of {x}?",
        "area|dialling|dialing|phone|calling code|codes",
    ),
    _ask(
        "founding date",
        "When {was} {x} founded? / When {was} {x} established? / When {was} {x} settled?",
        "What year {was} {x} founded? / When {was} {x} established?",
        "when founded|established|settled|created|started|formed|founding|begin|began|made"
        " / year|date founded|established|settled|created|started|founding / founded|established"
        " / old|age / when / year / when set up",
        "formation date / opening date / built / first release / release date",
    ),
    _ask(
        "incorporation date",
        "When {was} {x} incorporated?",
        "What year {was} {x} incorporated?",
        "when|year|date incorporated|incorporation / incorporated",
        "founding date",
    ),
    _ask(
        "namesake",
        "Who {is} {x} named for?",
        "Who {is} {x} named after?",
        "named for|after / namesake / name from|origin",
    ),
    _ask(
        "capital",
        "What {be} the capital of {x}?",
        "Which city {be} the capital of {x}? / What {be} {x}'s capital city?",
        "capital / capital city|town",
        "seat",
    ),
    _ask(
        "seat",
        "What {be} the seat of {x}? / What {be} the county seat of {x}? / What {be} the"
        " administrative center of {x}? / What {be} the administrative centre of {x}?"
        " / What {be} the largest settlement of {x}?",
        "",
        "seat / county seat / administrative center|centre|seat / capital / largest settlement",
        "capital",
    ),
    _ask(
        "largest city",
        "What {be} the largest city of {x}?",
        "What {be} the biggest city in {x}?",
        "largest|biggest city|town",
    ),
    _ask(
        "official language",
        "What {are} the official language{n} of {x}?",
        "Which language{n} {are} official in {x}?",
        "language|languages / official language|languages / language|languages speak|spoken|speaks"
        " / speak",
        "language",
    ),
    _ask(
        "currency",
        "What {be} the currency of {x}?",
        "Which currency does {x} use?",
        "currency|money / currency use|uses|used",
    ),
    _ask(
        "today part of",
        "Which countr{ny} are the lands of {x} part of today?",
        "Where are the lands of {x} today?",
        "part today|now / lands / today|now",
    ),
    _ask(
        "mouth",
        "Where {does} {x} flow?",
        "What {does} {x} flow into?",
        "mouth / flow|flows|empties|empty / where flow|flows|end|ends / flow|flows into",
    ),
    _ask(
        "width",
        "How wide {is} {x}?",
        "What is the width of {x}?",
        "wide|width|broad / how wide|broad",
    ),
    _ask(
        "height",
        "How high {is} {x}?",
        "How tall is {x}? / What is the height of {x}?",
        "high|height|tall / how high|tall / feet|metres|meters high|tall",
        "elevation / body height",
    ),
)

_ORGANISATION = (
    _ask(
        "founder",
        "Who founded {x}?",
        "Who is the founder of {x}?",
        "who founded|started|created|established|began|begun / founder|founders|founded|found /"
        " started|start|set|created|established|began|begun|made"
        " / whom founded / set up / who behind|started",
        "creator / developer",
    ),
    _ask(
        "headquarters",
        "Where {are} the headquarters of {x}?",
        "Where is {x} based?",
        "headquarters|headquartered|hq|office|offices / where based|located|headquarters|office"
        " / based / where / location / main|head office / city|town|country headquartered",
        "location / country / city",
    ),
    _ask(
        "industry",
        "Which industry {is} {x} in?",
        "What is the industry of {x}?",
        "industry|business|sector|field / line business / make|makes|do|does",
    ),
    _ask(
        "parent company",
        "What {be} the parent company of {x}?",
        "Which company does {x} belong to?",
        "parent / parent company|organization|organisation / owner|owns|owned / belong|belongs",
        "owner",
    ),
    _ask(
        "owner",
        "Who owns {x}?",
        "Who is the owner of {x}?",
        "owner|owners|owns|owned|own / belong|belongs",
        "parent company",
    ),
    _ask(
        "operator",
        "Who operates {x}? / Who operated {x}?",
        "Who is the operator of {x}?",
        "operates|operator|operated|runs|run",
        "owner",
    ),
    _ask(
        "employees",
        "How many employees {does} {x} have?",
        "How many people work for {x}?",
        "employees|staff|workers / how many|number employees|people|workers|staff|work|works"
        " / people work|employ|employs|employed",
    ),
    _ask(
        "chief executive",
        "Who is the chief executive of {x}?",
        "Who is the CEO of {x}?",
        "ceo|boss / chief executive / who leads|runs|heads",
        "key people",
    ),
    _ask(
        "key people",
        "Who are the key people of {x}?",
        "Who leads {x}?",
        "key people / ceo|boss|head|president|chairman|leader / who leads|runs|heads",
    ),
    _ask(
        "opening date",
        "When did {x} open?",
        "What year did {x} open?",
        "when|year|date open|opened|opening / opened|opening / old / when / year",
        "built / founding date",
    ),
    _ask(
        "closing date",
        "When did {x} close?",
        "What year did {x} close?",
        "when|year|date close|closed|closing|shut / closed|close|shut",
    ),
    _ask(
        "end date",
        "When {was} {x} dissolved?",
        "What year {was} {x} dissolved?",
        "when|year|date dissolved|end|ended|disbanded|defunct / dissolved|disbanded|ended|end",
    ),
    _ask(
        "launch date",
        "When {was} {x} launched?",
        "What year {was} {x} launched?",
        "when|year|date launched|launch / launched|launch / when / year",
    ),
    _ask(
        "commissioning date",
        "When {was} {x} commissioned?",
        "What year {was} {x} commissioned?",
        "when|year|date commissioned / commissioned",
    ),
    _ask(
        "keel date",
        "When {was} {x} laid down?",
        "What year {was} {x} laid down?",
        "when|year|date laid|down / laid down",
    ),
    _ask(
        "formation date",
        "When {was} {x} formed?",
        "What year {was} {x} formed?",
        "when|year|date formed|founded|created|established|started|formation / formed|founded"
        " / old|age / when / year",
        "founding date",
    ),
    _ask(
        "built",
        "When {was} {x} built?",
        "What year {was} {x} built?",
        "when|year|date built|constructed|build|made|erected / built|constructed / old|age"
        " / when / year",
        "completion date / opening date / founding date",
    ),
    _ask(
        "completion date",
        "When {was} {x} completed?",
        "What year {was} {x} finished?",
        "when|year|date completed|finished|complete / completed|finished / when built",
        "built / opening date",
    ),
    _ask(
        "builder",
        "Who built {x}?",
        "Who was the builder of {x}?",
        "built|builder|build|builders|constructed / who made|built|build|constructed",
        "manufacturer / architect",
    ),
    _ask(
        "architect",
        "Who was the architect of {x}?",
        "Who designed {x}?",
        "architect|architects|designed|designer|design / architect designed|built",
        "designer / builder",
    ),
    _ask(
        "capacity",
        "What is the capacity of {x}?",
        "How many people does {x} hold?",
        "capacity / seats|seating|spectators|hold|holds / seating capacity / how many people|seats"
        "|spectators|fit|hold",
    ),
    _ask(
        "location",
        "Where {is} {x}?",
        "Where {is} {x} located?",
        "where / where located|situated|found|place / location / located / city|place|country in",
        "country / headquarters / event place / state / county / origin / origin place",
    ),
    _ask(
        "served place",
        "Which place {does} {x} serve?",
        "Which city does {x} serve?",
        "serve|serves|served / place|city|area|town serve|serves|served",
    ),
    _ask(
        "league",
        "Which league {does} {x} play in?",
        "What league {does} {x} play in?",
        "league|division / league|division play|plays",
    ),
    _ask(
        "home ground",
        "What {be} the home ground of {x}?",
        "What {be} the stadium of {x}?",
        "stadium|ground|arena / home ground|stadium|arena|field / where play|plays|played",
    ),
    _ask(
        "coach",
        "Who {be} the coach of {x}? / Who {be} the manager of {x}? / Who {be} the head coach of"
        " {x}? / Who {be} the headcoach of {x}? / Who {be} the coach in {x}?"
        " / Who {be} the manager in {x}? / Who {be} the head coach in {x}?",
        "Who coaches {x}?",
        "coach|manager|trainer|coaches|coached|manages|managed / head coach",
    ),
    _ask(
        "captain",
        "Who {be} the captain of {x}?",
        "Who captains {x}?",
        "captain|captains|skipper|captained",
    ),
    _ask(
        "conference",
        "Which conference {does} {x} play in?",
        "What conference {does} {x} play in?",
        "conference / conference play|plays",
    ),
    _ask(
        "abbreviation",
        "What {be} the abbreviation of {x}?",
        "What is the short form of {x}?",
        "abbreviation|abbreviated|acronym|short|initials / short form",
    ),
)

_EVENT = (
    _ask(
        "event date",
        "When did {x} take place?",
        "When was {x}? / What is the date of {x}?",
        "when / when take|took|happen|happened|place|occur|occurred|start|started|held|begin|began"
        " / date|year|day|dates|time / date|year|day take|took|happen|happened|place|held|fought"
        " / when fought|war|battle / how long|last|lasted",
        "founding date / release date / first release / launch date / signing date",
    ),
    _ask(
        "event place",
        "Where did {x} take place?",
        "Where was {x}?",
        "where / where take|took|happen|happened|place|occur|occurred|held|fought / location|venue"
        " / city|country|place held|take|took|happen|happened",
        "location / country",
    ),
    _ask(
        "winner",
        "Who won {x}?",
        "Who was the winner of {x}?",
        "won|win|winner|winners|champion|champions|victor|wins / who won|win",
        "result",
    ),
    _ask(
        "runner-up",
        "Who was the runner-up in {x}?",
        "Who came second in {x}?",
        "runner up / second|lost / runnerup / who lost / who came|finished|was second"
        " / second place",
    ),
    _ask(
        "attendance",
        "What was the attendance at {x}?",
        "How many people attended {x}?",
        "attendance / attended|attend / how many people|spectators|attended|watched",
    ),
    _ask(
        "referee",
        "Who was the referee of {x}?",
        "Who refereed {x}?",
        "referee|refereed|umpire",
    ),
    _ask(
        "team count",
        "How many teams took part in {x}?",
        "How many teams were in {x}?",
        "teams / how many|number teams / teams took|part|play|played|compete|competed",
    ),
    _ask(
        "match count",
        "How many match{nes} were played in {x}?",
        "What was the number of matches in {x}?",
        "matches|games / how many|number matches|games / matches|games played",
    ),
    _ask(
        "top scorer",
        "Who was the top scorer of {x}?",
        "Who scored the most goals in {x}?",
        "top scorer|goalscorer / most goals / scored most|goals / scorer",
    ),
    _ask(
        "surface",
        "Which surface {was} {x} played on?",
        "What was the surface of {x}?",
        "surface / surface played",
    ),
    _ask(
        "relegated",
        "Which team{n} {were} relegated in {x}?",
        "Who was relegated in {x}?",
        "relegated / teams|team|who relegated",
    ),
    _ask(
        "promoted",
        "Which team{n} {were} promoted in {x}?",
        "Who was promoted in {x}?",
        "promoted / teams|team|who promoted",
    ),
    _ask(
        "signing date",
        "When {was} {x} signed?",
        "What year {was} {x} signed?",
        "when|year|date signed|signing|sign / signed / when / year|date",
        "event date",
    ),
    _ask(
        "result",
        "How did {x} end?",
        "What was the result of {x}?",
        "how end|ended / result|outcome|end|ended / who won|win / won|win|victor",
        "winner",
    ),
)

_OTHER = (
    _ask(
        "ingredients",
        "What are the main ingredients of {x}?",
        "Which ingredients are in {x}?",
        "ingredient|ingredients / main ingredients / made|make of|from / contain|contains"
        " / what|whats in / consist|consists",
    ),
    _ask(
        "origin place",
        "Where {does} {x} come from?",
        "What is the place of origin of {x}?",
        "where come|comes|came|from|originate|originated|invented / origin / place|country origin"
        " / come|comes from / country",
        "origin / country of origin",
    ),
    _ask(
        "formula",
        "What is the chemical formula of {x}?",
        "What is the formula of {x}?",
        "formula / chemical|molecular formula",
    ),
    _ask(
        "molar mass",
        "What is the molar mass of {x}?",
        "What is the molecular weight of {x}?",
        "molar mass / molecular|molar weight|mass",
    ),
    _ask(
        "frequency",
        "On which frequency {does} {x} broadcast? / Which frequency {does} {x} broadcast on?",
        "What is the frequency of {x}?",
        "frequency / frequency broadcast|on",
    ),
)

# Sections: the questions of pipeline.questions.sections whose words differ from what people type.
_SECTIONS = (
    _ask("section early life", "What is known of the early life of {x}?"
         " / What {was} the early life of {x} like?",
         "What was the early life of {x} like? / Tell me about the early life of {x}.",
         "early life|years / childhood / young / grow|grew up / youth"),
    _ask("section life", "What is known of the life of {x}? / What {was} the life of {x} like?",
         "What was the life of {x} like?", "life / biography"),
    _ask("section career", "What is known of the career of {x}? / What {was} the career of {x}"
         " like?", "What was the career of {x} like?", "career"),
    _ask("section personal life", "What is known of the personal life of {x}?",
         "Tell me about the personal life of {x}.", "personal|private life"),
    _ask("section family", "What is known of the family of {x}?",
         "Tell me about the family of {x}.", "family|relatives"),
    _ask("section history", "What is the history of {x}?", "Tell me about the history of {x}.",
         "history / history of / past / how begin|began|begun|start|started|originate"
         " / how come|came about"),
    _ask("section name", "Where does the name of {x} come from?",
         "What is the origin of the name of {x}?",
         "etymology / name|word come|comes|from|origin|mean|means / how|why name|named|called"),
    _ask("section plot", "What is the plot of {x}?", "What happens in {x}?",
         "plot|synopsis|storyline|summary / story / happens / what is|was|are|were about"
         " / whats about"),
    _ask("section production", "What is known of the production of {x}? / How {was} {x} produced?",
         "", "production / how produced|made"),
    _ask("section development", "What is known of the development of {x}?"
         " / How {was} {x} developed?", "", "development / how developed|made"),
    _ask("section reception", "How {was} {x} received?", "What was the reception of {x}?",
         "reception|reviews|review|critics|received / well received / critical reception"),
    _ask("section critics", "How did critics receive {x}?", "What did critics think of {x}?",
         "critics|reviews|reception|review / critical reception / think|thought"),
    _ask("section appearance", "What {does} {x} look like?", "", "look|looks|appearance"
        "|description / recognise|recognize|identify|recognised"),
    _ask("section use", "How {is} {x} used?", "What {is} {x} used for?",
         "use|used|uses|usage / how|what used|use for"),
    _ask("section uses", "What are the uses of {x}?", "",
         "use|used|uses|usage / how|what used|use for"),
    _ask("section climate", "What is the climate of {x}?", "What is the climate like in {x}?",
         "climate|weather"),
    _ask("section economy", "What is the economy of {x}?", "", "economy|economic"),
    _ask("section treatment", "How {is} {x} treated?", "What is the treatment for {x}?",
         "treatment|treated|treat|cure|cured|therapy"),
    _ask("section causes", "What are the causes of {x}?", "What causes {x}?", "cause|causes"
        "|caused"),
    _ask("section symptoms", "What are the symptoms of {x}? / What are the signs and symptoms of"
         " {x}?", "", "symptom|symptoms|signs|sign"),
    _ask("section diet", "What is the diet of {x}?", "", "diet|eat|eats|food|feed|feeds"),
    _ask("section feeding", "How {does} {x} feed?", "", "feed|feeds|eat|eats|diet|food"),
    _ask("section habitat", "What is the habitat of {x}?", "",
         "habitat / where live|lives|found"),
    _ask("section conservation", "What is the conservation status of {x}?", "",
         "conservation|endangered|extinct / conservation status"),
)  # fmt: skip

WORDINGS = (
    *_PERSON,
    *_MUSIC,
    *_SCREEN,
    *_SOFTWARE,
    *_TAXON,
    *_DIVISIONS,
    *_PLACE,
    *_ORGANISATION,
    *_EVENT,
    *_OTHER,
    *_SECTIONS,
)
