"""The table of facts: which label of an infobox, on which kind of thing, makes which question and
which answer.

In the sentences, {x} is the subject as in running English ({X} at a sentence's head) and {v} the
value. The rest agrees by itself: with the subject {is} {was} {does} {has} and the endings {s} and
{sd} ("belong{s}": belongs, belong, belonged; "compete{sd}"), where what is dead or dissolved takes
the past; {be} is the singular of is and was; with the value go {are}, {were} and the plurals {n},
{ny}, {nes} ("The genre{n} of {x} {are} {v}."). A year in the label ("Population (2008)") makes
{year}, and of {then} the past.
"""

from dataclasses import dataclass

from pipeline.questions.facts import figures as figure
from pipeline.questions.facts import places as site
from pipeline.questions.facts import values as read
from pipeline.questions.facts import words as word
from pipeline.questions.facts.values import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One row's question and answer."""

    labels: tuple[str, ...]
    """As kinds.label_key writes them."""
    read: Reader
    question: str
    answer: str
    of: frozenset[str]
    """The kinds of thing on which the label has this meaning; empty for all."""
    unless: frozenset[str]
    """The kinds of thing on which it has not."""


def _ask(
    labels: str, reader: Reader, question: str, answer: str, *, of: str = "", unless: str = ""
) -> Ask:
    return Ask(
        labels=tuple(labels.split()),
        read=reader,
        question=question,
        answer=answer,
        of=frozenset(of.split()),
        unless=frozenset(unless.split()),
    )


_PERSON = (
    _ask(
        "born", figure.life_date, "When {was} {x} born?", "{X} {was} born {v}.", unless="happening"
    ),
    _ask(
        "born", site.life_place, "Where {was} {x} born?", "{X} {was} born {v}.", unless="happening"
    ),
    _ask("died", figure.life_date, "When did {x} die?", "{X} died {v}."),
    _ask("died", site.life_place, "Where did {x} die?", "{X} died {v}."),
    _ask(
        "dateofbirth", figure.first_date, "When {was} {x} born?", "{X} {was} born {v}.", of="person"
    ),
    _ask(
        "placeofbirth birthplace",
        site.place,
        "Where {was} {x} born?",
        "{X} {was} born {v}.",
        of="person",
    ),
    _ask("dateofdeath", figure.first_date, "When did {x} die?", "{X} died {v}.", of="person"),
    _ask("placeofdeath deathplace", site.place, "Where did {x} die?", "{X} died {v}.", of="person"),
    _ask(
        "occupation occupations profession",
        word.occupations,
        "What {be} the occupation of {x}?",
        "{X} {is} {v}.",
        of="person",
    ),
    _ask(
        "nationality",
        word.nationality,
        "What {be} the nationality of {x}?",
        "{X} {is} {v}.",
        of="person",
    ),
    _ask(
        "almamater education college university educatedat",
        read.schools,
        "Where did {x} study?",
        "{X} studied at {v}.",
        of="person",
    ),
    _ask("spouse spouses", read.spouses, "Who did {x} marry?", "{X} married {v}.", of="person"),
    _ask(
        "children issue",
        word.children,
        "How many children {does} {x} have?",
        "{X} {has} {v}.",
        of="person",
    ),
    _ask(
        "father",
        read.one_person,
        "Who {be} the father of {x}?",
        "The father of {x} {be} {v}.",
        of="person",
    ),
    _ask(
        "mother",
        read.one_person,
        "Who {be} the mother of {x}?",
        "The mother of {x} {be} {v}.",
        of="person",
    ),
    _ask(
        "house royalhouse",
        read.house,
        "Which royal or noble house did {x} belong to?",
        "{X} belonged to the {v}.",
        of="dead",
    ),
    _ask(
        "predecessor",
        read.one_person,
        "Who preceded {x}?",
        "{X} {was} preceded by {v}.",
        of="person",
    ),
    _ask(
        "successor",
        read.one_person,
        "Who succeeded {x}?",
        "{X} {was} succeeded by {v}.",
        of="person",
    ),
    _ask("reign", figure.span, "When did {x} reign?", "{X} reigned {v}.", of="dead"),
    _ask(
        "burial restingplace", site.place, "Where is {x} buried?", "{X} is buried {v}.", of="dead"
    ),
    _ask(
        "causeofdeath",
        word.cause,
        "What was the cause of {x}'s death?",
        "The cause of {x}'s death was {v}.",
        of="dead",
    ),
    _ask(
        "fullname birthname",
        read.full_name,
        "What is the full name of {x}?",
        "The full name of {x} is {v}.",
        of="person",
    ),
    _ask("height", figure.height, "How tall {is} {x}?", "{X} {is} {v} tall.", of="person"),
    _ask("weight", figure.weight, "How much {does} {x} weigh?", "{X} weigh{s} {v}.", of="person"),
    _ask("residence", site.place, "Where does {x} live?", "{X} lives {v}.", of="alive"),
    _ask(
        "politicalparty party",
        read.party,
        "Which political party {does} {x} belong to?",
        "{X} belong{s} to {v}.",
        of="person",
    ),
    _ask(
        "fields field",
        word.fields,
        "In which field{n} {does} {x} work?",
        "{X} work{s} in {v}.",
        of="person",
    ),
    _ask(
        "doctoraladvisor",
        read.names,
        "Who supervised the doctoral thesis of {x}?",
        "The doctoral thesis of {x} was supervised by {v}.",
        of="person",
    ),
    _ask(
        "institutions",
        read.schools,
        "At which institution{n} did {x} work?",
        "{X} worked at {v}.",
        of="person",
    ),
    _ask(
        "yearsactive",
        figure.active_years,
        "When {was} {x} active?",
        "{X} {was} active {v}.",
        of="person act",
    ),
    _ask(
        "playingposition position positions",
        word.phrases,
        "What {be} the playing position of {x}?",
        "The playing position{n} of {x} {are} {v}.",
        of="person",
    ),
    _ask(
        "currentteam currentclub",
        read.one_name,
        "Which team does {x} play for?",
        "{X} plays for {v}.",
        of="alive",
        unless="coach",
    ),
    _ask(
        "playedfor",
        read.names,
        "Which team{n} did {x} play for?",
        "{X} played for {v}.",
        of="person",
    ),
    _ask(
        "turnedpro",
        figure.date,
        "When did {x} turn professional?",
        "{X} turned professional {v}.",
        of="person",
    ),
    _ask(
        "playingcareer", figure.active_years, "When did {x} play?", "{X} played {v}.", of="person"
    ),
    _ask(
        "sport",
        word.phrases,
        "Which sport {does} {x} compete in?",
        "{X} compete{sd} in {v}.",
        of="person",
    ),
    _ask(
        "allegiance", site.country, "Which country did {x} serve?", "{X} served {v}.", of="person"
    ),
    _ask(
        "servicebranch branch",
        read.branch,
        "In which branch of the armed forces did {x} serve?",
        "{X} served in {v}.",
        of="person",
    ),
    _ask(
        "rank",
        read.rank,
        "What {be} the military rank of {x}?",
        "The military rank of {x} {be} {v}.",
        of="soldier",
    ),
    _ask(
        "battleswars battles",
        read.battles,
        "Which battles and wars did {x} take part in?",
        "The battles and wars of {x} include {v}.",
        of="soldier",
    ),
    _ask(
        "instruments",
        word.instruments,
        "Which instruments {does} {x} play?",
        "The instrument{n} of {x} {are} {v}.",
        of="person",
    ),
    _ask(
        "awards",
        read.titles,
        "Which awards has {x} received?",
        "The awards of {x} include {v}.",
        of="person",
    ),
)

_MUSIC = (
    _ask(
        "released release releasedate",
        figure.only_release,
        "When {was} {x} released?",
        "{X} {was} released {v}.",
        unless="software",
    ),
    _ask(
        "recorded", figure.span, "When {was} {x} recorded?", "{X} {was} recorded {v}.", of="record"
    ),
    _ask(
        "studio",
        read.studio,
        "Where {was} {x} recorded?",
        "{X} {was} recorded at {v}.",
        of="record",
    ),
    _ask(
        "genre genres",
        word.phrases,
        "What is the genre of {x}?",
        "The genre{n} of {x} {are} {v}.",
        of="record act film book game",
    ),
    _ask("length", figure.minutes, "How long {is} {x}?", "{X} {is} {v} long.", of="record"),
    _ask(
        "label labels",
        read.record_labels,
        "Which record label{n} released {x}?",
        "{X} {was} released by {v}.",
        of="record",
    ),
    _ask(
        "label labels",
        read.record_labels,
        "Which record label{n} did {x} record for?",
        "{X} recorded for {v}.",
        of="act person",
    ),
    _ask(
        "producer producers",
        read.names,
        "Who produced {x}?",
        "{X} {was} produced by {v}.",
        of="record game film",
    ),
    _ask(
        "songwriter songwriters writer writers lyricist",
        read.names,
        "Who wrote {x}?",
        "{X} {was} written by {v}.",
        of="record film game",
    ),
    _ask(
        "composer composers",
        read.names,
        "Who composed the music of {x}?",
        "The music of {x} was composed by {v}.",
        of="film game record",
    ),
    _ask(
        "members",
        read.names,
        "Who {are} the members of {x}?",
        "The members of {x} {are} {v}.",
        of="act",
    ),
    _ask(
        "pastmembers",
        read.names,
        "Who are former members of {x}?",
        "Former members of {x} include {v}.",
        of="act",
    ),
    _ask("origin", site.home, "Where {is} {x} from?", "{X} {is} from {v}.", of="act person"),
    _ask(
        "associatedacts",
        read.names,
        "Which acts {is} {x} associated with?",
        "{X} {is} associated with {v}.",
        of="act person",
    ),
    _ask(
        "bside", read.song, "What is the B-side of {x}?", "The B-side of {x} is {v}.", of="record"
    ),
)

_SCREEN = (
    _ask(
        "directedby director directors",
        read.names,
        "Who directed {x}?",
        "{X} {was} directed by {v}.",
        of="film record game",
    ),
    _ask("producedby", read.names, "Who produced {x}?", "{X} {was} produced by {v}.", of="film"),
    _ask("writtenby", read.names, "Who wrote {x}?", "{X} {was} written by {v}."),
    _ask(
        "screenplayby screenplay",
        read.names,
        "Who wrote the screenplay of {x}?",
        "The screenplay of {x} was written by {v}.",
        of="film",
    ),
    _ask(
        "storyby",
        read.names,
        "Who wrote the story of {x}?",
        "The story of {x} was written by {v}.",
        of="film",
    ),
    _ask("starring", read.cast, "Who stars in {x}?", "{X} stars {v}.", of="film"),
    _ask(
        "voicesof",
        read.cast,
        "Whose voices are heard in {x}?",
        "{X} has the voices of {v}.",
        of="film",
    ),
    _ask("presentedby", read.names, "Who presents {x}?", "{X} {was} presented by {v}.", of="film"),
    _ask("narratedby", read.names, "Who narrated {x}?", "{X} {was} narrated by {v}.", of="film"),
    _ask(
        "musicby",
        read.names,
        "Who composed the music of {x}?",
        "The music of {x} is by {v}.",
        of="film",
    ),
    _ask(
        "cinematography",
        read.names,
        "Who was the cinematographer of {x}?",
        "The cinematography of {x} is by {v}.",
        of="film",
    ),
    _ask(
        "editedby editor editors",
        read.names,
        "Who edited {x}?",
        "{X} {was} edited by {v}.",
        of="film",
    ),
    _ask(
        "productioncompany productioncompanies",
        read.titles,
        "Which company produced {x}?",
        "The production compan{ny} of {x} {are} {v}.",
        of="film",
    ),
    _ask(
        "distributedby distributor",
        read.titles,
        "Who distributed {x}?",
        "{X} {was} distributed by {v}.",
        of="film",
    ),
    _ask(
        "runningtime",
        figure.minutes,
        "How long is {x}?",
        "The running time of {x} is {v}.",
        of="film",
    ),
    _ask(
        "country countryoforigin",
        site.country,
        "Which countr{ny} {does} {x} come from?",
        "{X} come{s} from {v}.",
        of="film book",
        unless="place",
    ),
    _ask(
        "language originallanguage languages",
        word.languages,
        "What is the language of {x}?",
        "The language{n} of {x} {are} {v}.",
        of="film book",
    ),
    _ask(
        "budget",
        figure.money,
        "What was the budget of {x}?",
        "The budget of {x} was {v}.",
        of="film",
    ),
    _ask(
        "boxoffice",
        figure.money,
        "How much did {x} earn at the box office?",
        "{X} earned {v} at the box office.",
        of="film",
    ),
    _ask("createdby creator creators", read.names, "Who created {x}?", "{X} {was} created by {v}."),
    _ask(
        "noofseasons numberofseasons",
        figure.count,
        "How many seasons {does} {x} have?",
        "{X} {has} {v} season{n}.",
        of="film",
    ),
    _ask(
        "noofepisodes numberofepisodes",
        figure.count,
        "How many episodes {does} {x} have?",
        "{X} {has} {v} episode{n}.",
        of="film",
    ),
    _ask(
        "originalnetwork network",
        read.titles,
        "Which network first broadcast {x}?",
        "{X} {was} first broadcast on {v}.",
        of="film",
    ),
    _ask("author authors", read.names, "Who wrote {x}?", "{X} {was} written by {v}.", of="book"),
    _ask(
        "publisher publishers",
        read.titles,
        "Who published {x}?",
        "{X} {was} published by {v}.",
        of="book game",
    ),
    _ask(
        "publicationdate published",
        figure.date,
        "When {was} {x} published?",
        "{X} {was} published {v}.",
        of="book",
    ),
    _ask(
        "pages",
        figure.count,
        "How many pages {does} {x} have?",
        "{X} {has} {v} page{n}.",
        of="book",
    ),
    _ask(
        "discipline",
        word.phrases,
        "What is the discipline of {x}?",
        "The discipline{n} of {x} {are} {v}.",
        of="book",
    ),
)

_SOFTWARE = (
    _ask("developer developers", read.titles, "Who developed {x}?", "{X} {was} developed by {v}."),
    _ask(
        "originalauthor originalauthors",
        read.names,
        "Who was the original author of {x}?",
        "{X} {was} originally written by {v}.",
        of="software",
    ),
    _ask(
        "designer designers designedby",
        read.names,
        "Who designed {x}?",
        "{X} {was} designed by {v}.",
    ),
    _ask(
        "initialrelease firstappeared",
        figure.release,
        "When {was} {x} first released?",
        "{X} {was} first released {v}.",
    ),
    _ask(
        "writtenin",
        word.programs,
        "Which programming language{n} {is} {x} written in?",
        "{X} {is} written in {v}.",
        of="software",
    ),
    _ask(
        "operatingsystem",
        word.programs,
        "Which operating systems {does} {x} run on?",
        "{X} run{s} on {v}.",
        of="software",
    ),
    _ask(
        "platform platforms",
        word.programs,
        "On which platform{n} {is} {x} available?",
        "{X} {is} available on {v}.",
        of="game",
    ),
    _ask(
        "license",
        word.licence,
        "Under which license is {x} released?",
        "{X} is released under the {v}.",
        of="software",
    ),
    _ask(
        "engine", read.one_name, "Which engine does {x} use?", "{X} uses the engine {v}.", of="game"
    ),
    _ask(
        "mode modes",
        word.phrases,
        "Which modes of play does {x} have?",
        "The mode{n} of play of {x} {are} {v}.",
        of="game",
    ),
    _ask("manufacturer", read.titles, "Who manufactured {x}?", "{X} {was} manufactured by {v}."),
)

_TAXON = tuple(
    _ask(
        rank,
        read.taxon,
        f"To which {rank} {{does}} {{x}} belong?",
        f"{{X}} belong{{s}} to the {rank} {{v}}.",
        of="taxon",
    )
    for rank in (
        "kingdom",
        "phylum",
        "class",
        "order",
        "suborder",
        "superfamily",
        "family",
        "subfamily",
        "tribe",
        "genus",
    )
)

_DIVISION_LABELS = {"state": "state usstate federalstate"} | {
    noun: noun
    for noun in (
        "region",
        "province",
        "county",
        "department",
        "arrondissement",
        "canton",
        "district",
        "municipality",
        "prefecture",
        "voivodeship",
        "governorate",
    )
}
_DIVISIONS = tuple(
    _ask(
        labels,
        site.division(noun),
        f"Which {noun} {{is}} {{x}} in?",
        "{X} {is} in {v}.",
        of="place",
        unless="country",
    )
    for noun, labels in _DIVISION_LABELS.items()
)

_PLACE = (
    _ask(
        "country sovereignstate",
        site.country,
        "Which countr{ny} {is} {x} in?",
        "{X} {is} in {v}.",
        of="place structure",
        unless="country",
    ),
    _ask(
        "countries",
        site.country,
        "Which countries {is} {x} in?",
        "{X} {is} in {v}.",
        of="place structure",
    ),
    *_DIVISIONS,
    _ask(
        "population total city town village municipality commune township community",
        figure.people_count,
        "What {be} the population of {x}?",
        "The population of {x} {then} {v}{year}.",
        of="place",
    ),
    _ask(
        "density populationdensity",
        figure.density,
        "What is the population density of {x}?",
        "The population density of {x} is {v}.",
        of="place",
    ),
    _ask(
        "area total city town commune municipality surfacearea",
        figure.area,
        "What is the area of {x}?",
        "The area of {x} is {v}.",
        of="place structure",
    ),
    _ask(
        "elevation elevationamsl highestelevation",
        figure.height,
        "What is the elevation of {x}?",
        "The elevation of {x} is {v}.",
        of="place structure",
    ),
    _ask(
        "mayor",
        read.one_person,
        "Who {then} the mayor of {x}{year}?",
        "The mayor of {x}{year} {then} {v}.",
        of="place",
    ),
    _ask(
        "governor",
        read.one_person,
        "Who {then} the governor of {x}{year}?",
        "The governor of {x}{year} {then} {v}.",
        of="place",
        unless="former",
    ),
    _ask(
        "timezone",
        figure.time_zone,
        "Which time zone {is} {x} in?",
        "The time zone of {x} is {v}.",
        of="place",
    ),
    _ask(
        "postalcode postalcodes postcode postcodes zipcode zipcodes",
        figure.code,
        "What is the postal code of {x}?",
        "The postal code{n} of {x} {are} {v}.",
        of="place",
    ),
    _ask(
        "areacode areacodes diallingcode diallingcodes dialingcode",
        figure.code,
        "What is the area code of {x}?",
        "The area code{n} of {x} {are} {v}.",
        of="place",
    ),
    _ask(
        "founded established settled",
        figure.first_date,
        "When {was} {x} founded?",
        "{X} {was} founded {v}.",
    ),
    _ask(
        "incorporated",
        figure.first_date,
        "When {was} {x} incorporated?",
        "{X} {was} incorporated {v}.",
    ),
    _ask("namedfor", read.one_person, "Who {is} {x} named for?", "{X} {is} named for {v}."),
    _ask(
        "seat countyseat capital administrativecenter administrativecentre largestsettlement",
        read.one_name,
        "What {be} the {label} of {x}?",
        "The {label} of {x} {be} {v}.",
        of="place country",
    ),
    _ask(
        "capitalandlargestcity",
        read.opening_name,
        "What {be} the capital of {x}?",
        "The capital of {x} {be} {v}.",
        of="place country",
    ),
    _ask(
        "largestcity",
        read.one_name,
        "What {be} the largest city of {x}?",
        "The largest city of {x} {be} {v}.",
        unless="film",
    ),
    _ask(
        "officiallanguage officiallanguages",
        word.languages,
        "What {are} the official language{n} of {x}?",
        "The official language{n} of {x} {are} {v}.",
        of="place country",
    ),
    _ask(
        "currency",
        word.thing,
        "What {be} the currency of {x}?",
        "The currency of {x} {be} the {v}.",
        of="place country",
    ),
    _ask(
        "todaypartof",
        site.country,
        "Which countr{ny} are the lands of {x} part of today?",
        "The lands of {x} are part of {v} today.",
        of="place country",
    ),
    _ask("mouth", site.water, "Where {does} {x} flow?", "{X} flow{s} into {v}.", of="structure"),
    _ask(
        "length",
        figure.length,
        "How long is {x}?",
        "The length of {x} is {v}.",
        unless="record film person",
    ),
    _ask("linelength totallength", figure.length, "How long is {x}?", "The length of {x} is {v}."),
    _ask("width", figure.length, "How wide is {x}?", "The width of {x} is {v}.", of="structure"),
    _ask("height", figure.height, "How high is {x}?", "The height of {x} is {v}.", unless="person"),
)

_ORGANISATION = (
    _ask("founder founders foundedby", read.names, "Who founded {x}?", "{X} {was} founded by {v}."),
    _ask(
        "headquarters headquarterslocation",
        site.place,
        "Where {are} the headquarters of {x}?",
        "The headquarters of {x} {are} {v}.",
    ),
    _ask(
        "industry",
        word.phrases,
        "Which industry {is} {x} in?",
        "The industr{ny} of {x} {are} {v}.",
        of="company",
    ),
    _ask(
        "parent parentcompany",
        read.one_name,
        "What is the parent company of {x}?",
        "The parent company of {x} is {v}.",
        of="company book",
    ),
    _ask(
        "owner owners ownedby",
        read.names,
        "Who owns {x}?",
        "{X} {is} owned by {v}.",
        unless="former season",
    ),
    _ask(
        "operator operators operatedby",
        read.titles,
        "Who operates {x}?",
        "{X} {is} operated by {v}.",
        unless="former season",
    ),
    _ask(
        "numberofemployees employees",
        figure.people_count,
        "How many employees {does} {x} have?",
        "The number of employees of {x} {then} {v}.",
        of="company",
    ),
    _ask(
        "keypeople",
        read.titles,
        "Who are key people of {x}?",
        "Key people of {x} include {v}.",
        of="company",
    ),
    _ask("opened openingdate dateopened", figure.date, "When did {x} open?", "{X} opened {v}."),
    _ask("closed", figure.date, "When did {x} close?", "{X} closed {v}."),
    _ask(
        "dissolved defunct",
        figure.date,
        "When {was} {x} dissolved?",
        "{X} {was} dissolved {v}.",
        unless="person",
    ),
    _ask("launched", figure.date, "When {was} {x} launched?", "{X} {was} launched {v}."),
    _ask(
        "commissioned",
        figure.date,
        "When {was} {x} commissioned?",
        "{X} {was} commissioned {v}.",
        unless="person",
    ),
    _ask("laiddown", figure.date, "When {was} {x} laid down?", "{X} {was} laid down {v}."),
    _ask("formation formed", figure.first_date, "When {was} {x} formed?", "{X} {was} formed {v}."),
    _ask(
        "built constructed",
        figure.date,
        "When {was} {x} built?",
        "{X} {was} built {v}.",
        unless="person company book",
    ),
    _ask(
        "completed completiondate",
        figure.date,
        "When {was} {x} completed?",
        "{X} {was} completed {v}.",
        of="structure",
    ),
    _ask("builder", read.titles, "Who built {x}?", "{X} {was} built by {v}."),
    _ask(
        "architect architects",
        read.names,
        "Who was the architect of {x}?",
        "{X} {was} designed by {v}.",
    ),
    _ask(
        "capacity seatingcapacity",
        figure.people_count,
        "What is the capacity of {x}?",
        "The capacity of {x} {then} {v}.",
        unless="team season",
    ),
    _ask(
        "location",
        site.place,
        "Where {is} {x}?",
        "{X} {is} {v}.",
        of="structure",
        unless="happening record film company person team season",
    ),
    _ask("locale", site.home, "Where {is} {x}?", "{X} {is} in {v}.", of="line"),
    _ask("serves", site.served, "Which place does {x} serve?", "{X} serves {v}."),
    _ask(
        "league",
        read.league,
        "Which league {does} {x} play in?",
        "{X} play{s} in the {v}.",
        of="team",
        unless="season person",
    ),
    _ask(
        "ground stadium homestadium homearena arena arenastadium",
        read.opening_name,
        "What {be} the home ground of {x}?",
        "The home ground of {x} {be} {v}.",
        of="team",
        unless="person",
    ),
    _ask(
        "headcoach manager coach",
        read.coach,
        "Who {be} the {label} of {x}?",
        "The {label} of {x} {be} {v}.",
        of="team season",
        unless="person",
    ),
    _ask(
        "captain",
        read.coach,
        "Who {be} the captain of {x}?",
        "The captain of {x} {be} {v}.",
        of="team season",
        unless="person",
    ),
    _ask(
        "conference",
        read.league,
        "Which conference {does} {x} play in?",
        "{X} play{s} in the {v}.",
        of="team",
    ),
    _ask(
        "abbreviation",
        read.acronym,
        "What is the abbreviation of {x}?",
        "The abbreviation of {x} is {v}.",
    ),
    _ask(
        "garrisonhq",
        site.place,
        "Where {are} the headquarters of {x}?",
        "The headquarters of {x} {are} {v}.",
    ),
)

_EVENT = (
    _ask(
        "date dates", figure.span, "When did {x} take place?", "{X} took place {v}.", of="happening"
    ),
    _ask(
        "location",
        site.place,
        "Where did {x} take place?",
        "{X} took place {v}.",
        of="happening",
        unless="conflict",
    ),
    _ask(
        "location",
        site.battlefield,
        "Where did {x} take place?",
        "{X} took place {v}.",
        of="conflict",
    ),
    _ask(
        "venue", site.venue, "Where did {x} take place?", "{X} took place at {v}.", of="happening"
    ),
    _ask(
        "champion champions winner winners",
        read.winner,
        "Who won {x}?",
        "{X} {was} won by {v}.",
        of="happening season",
    ),
    _ask(
        "runnersup runnerup",
        read.winner,
        "Who was the runner-up in {x}?",
        "The runner-up in {x} was {v}.",
        of="happening season",
    ),
    _ask(
        "attendance",
        figure.people_count,
        "What was the attendance at {x}?",
        "The attendance at {x} was {v}.",
        of="happening",
    ),
    _ask(
        "referee",
        read.one_person,
        "Who was the referee of {x}?",
        "The referee of {x} was {v}.",
        of="happening",
    ),
    _ask(
        "teams numberofteams noofteams",
        figure.count,
        "How many teams took part in {x}?",
        "{v} team{n} took part in {x}.",
        of="happening season",
    ),
    _ask(
        "matchesplayed",
        figure.count,
        "How many matches were played in {x}?",
        "{v} match{nes} {were} played in {x}.",
        of="happening season",
    ),
    _ask(
        "topgoalscorer topscorer",
        read.coach,
        "Who was the top scorer of {x}?",
        "The top scorer of {x} was {v}.",
        of="happening season",
    ),
    _ask(
        "surface",
        word.phrase,
        "Which surface {was} {x} played on?",
        "{X} {was} played on {v}.",
        of="happening",
    ),
    _ask(
        "relegated",
        read.names,
        "Which team{n} {were} relegated in {x}?",
        "In {x}, {v} {were} relegated.",
        of="season",
    ),
    _ask(
        "promoted",
        read.names,
        "Which team{n} {were} promoted in {x}?",
        "In {x}, {v} {were} promoted.",
        of="season",
    ),
    _ask(
        "signed datesigned",
        figure.span,
        "When {was} {x} signed?",
        "{X} {was} signed {v}.",
        unless="person",
    ),
    _ask("result outcome", word.victory, "How did {x} end?", "{X} ended in {v}.", of="conflict"),
    _ask("hostcity hostcities", site.home, "Where did {x} take place?", "{X} took place in {v}."),
)

_OTHER = (
    _ask(
        "mainingredients",
        word.phrases,
        "What are the main ingredients of {x}?",
        "The main ingredients of {x} are {v}.",
    ),
    _ask(
        "placeoforigin",
        site.origin,
        "Where {does} {x} come from?",
        "{X} come{s} from {v}.",
        unless="person",
    ),
    _ask(
        "chemicalformula formula",
        word.formula,
        "What is the chemical formula of {x}?",
        "The chemical formula of {x} is {v}.",
    ),
    _ask(
        "molarmass",
        figure.molar_mass,
        "What is the molar mass of {x}?",
        "The molar mass of {x} is {v}.",
    ),
    _ask(
        "frequency",
        figure.frequency,
        "On which frequency does {x} broadcast?",
        "{X} broadcasts on {v}.",
    ),
    _ask("owningcompany", read.one_name, "Who owns {x}?", "{X} {is} owned by {v}."),
)

ASKS: tuple[Ask, ...] = (
    *_PERSON,
    *_MUSIC,
    *_SCREEN,
    *_SOFTWARE,
    *_TAXON,
    *_PLACE,
    *_ORGANISATION,
    *_EVENT,
    *_OTHER,
)
