"""The table of facts: which label of an infobox, on which kind of thing, makes which question and
which answer.

In the sentences, {x} is the subject as in running English ({X} at a sentence's head) and {v} the
value. The rest agrees by itself: with the subject {is} {was} {does} {has} {comes} {runs} and the
endings {s} and {sd} ("belong{s}": belongs, belong, belonged; "compete{sd}"), where what is dead or
dissolved takes the past; {be} is the singular of is and was; with the value go {are}, {were} and
the plurals {n}, {ny}, {nes} ("The genre{n} of {x} {are} {v}."). A year in the label ("Population
(2008)") makes {year}, and of {then} the past; the heading above the row makes {office} (" as Mayor
of Zed").

A row of the table, and what becomes of a row of an infobox:

    _fact("width", figure.length, "How wide {is} {x}?", "The width of {x} {be} {v}.")
    Width | 24 m (79 ft)     on the page "Brae Bridge"
    → How wide is Brae Bridge?   The width of Brae Bridge is 24 m (79 ft).

A label may stand in several rows of the table, as "born" does, which holds a date and a place: each
reader takes from the cell what it understands, and gives None where that is nothing. A row that no
reader understands whole gives no pair.
"""

from dataclasses import dataclass

from pipeline.questions.facts import figures as figure
from pipeline.questions.facts import places as site
from pipeline.questions.facts import values as read
from pipeline.questions.facts import words as word
from pipeline.questions.facts.values import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class FactQuestion:
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


def _fact(
    labels: str, reader: Reader, question: str, answer: str, *, of: str = "", unless: str = ""
) -> FactQuestion:
    return FactQuestion(
        labels=tuple(labels.split()),
        read=reader,
        question=question,
        answer=answer,
        of=frozenset(of.split()),
        unless=frozenset(unless.split()),
    )


_PERSON = (
    _fact(
        "born", figure.life_date, "When {was} {x} born?", "{X} {was} born {v}.", unless="happening"
    ),
    _fact(
        "born", site.life_place, "Where {was} {x} born?", "{X} {was} born {v}.", unless="happening"
    ),
    _fact("died", figure.life_date, "When did {x} die?", "{X} died {v}."),
    _fact("died", site.life_place, "Where did {x} die?", "{X} died {v}."),
    _fact(
        "dateofbirth", figure.first_date, "When {was} {x} born?", "{X} {was} born {v}.", of="person"
    ),
    _fact(
        "placeofbirth birthplace",
        site.place,
        "Where {was} {x} born?",
        "{X} {was} born {v}.",
        of="person",
    ),
    _fact("dateofdeath", figure.first_date, "When did {x} die?", "{X} died {v}.", of="person"),
    _fact(
        "placeofdeath deathplace", site.place, "Where did {x} die?", "{X} died {v}.", of="person"
    ),
    _fact(
        "occupation occupations profession",
        word.occupations,
        "What {be} the occupation of {x}?",
        "{X} {is} {v}.",
        of="person",
    ),
    _fact(
        "nationality",
        word.nationality,
        "What {be} the nationality of {x}?",
        "{X} {is} {v}.",
        of="person",
    ),
    _fact(
        "almamater education college university educatedat",
        read.schools,
        "Where did {x} study?",
        "{X} studied at {v}.",
        of="person",
    ),
    _fact("spouse spouses", read.spouses, "Who did {x} marry?", "{X} married {v}.", of="person"),
    _fact(
        "children issue",
        word.children,
        "How many children {does} {x} have?",
        "{X} {has} {v}.",
        of="person",
    ),
    _fact(
        "father",
        read.one_person,
        "Who {be} the father of {x}?",
        "The father of {x} {be} {v}.",
        of="person",
    ),
    _fact(
        "mother",
        read.one_person,
        "Who {be} the mother of {x}?",
        "The mother of {x} {be} {v}.",
        of="person",
    ),
    _fact(
        "house royalhouse",
        read.house,
        "Which royal or noble house did {x} belong to?",
        "{X} belonged to the {v}.",
        of="dead",
    ),
    _fact(
        "predecessor",
        read.in_office,
        "Who preceded {x}{office}?",
        "{X} {was} preceded by {v}{office}.",
        of="person",
    ),
    _fact(
        "successor",
        read.in_office,
        "Who succeeded {x}{office}?",
        "{X} {was} succeeded by {v}{office}.",
        of="person",
    ),
    _fact("reign", figure.span, "When did {x} reign?", "{X} reigned {v}.", of="dead"),
    _fact(
        "burial restingplace", site.place, "Where is {x} buried?", "{X} is buried {v}.", of="dead"
    ),
    _fact(
        "causeofdeath",
        word.cause,
        "What was the cause of {x}'s death?",
        "The cause of {x}'s death was {v}.",
        of="dead",
    ),
    _fact(
        "fullname",
        read.full_name,
        "What is the full name of {x}?",
        "The full name of {x} is {v}.",
        of="person",
    ),
    _fact(
        "birthname",
        read.full_name,
        "What is the birth name of {x}?",
        "The birth name of {x} is {v}.",
        of="person",
    ),
    _fact(
        "knownfor",
        word.known_for,
        "What {is} {x} known for?",
        "{X} {is} known for {v}.",
        of="person",
    ),
    _fact(
        "precededby",
        read.in_office,
        "Who preceded {x}{office}?",
        "{X} {was} preceded by {v}{office}.",
        of="person",
    ),
    _fact(
        "succeededby",
        read.in_office,
        "Who succeeded {x}{office}?",
        "{X} {was} succeeded by {v}{office}.",
        of="person",
    ),
    _fact("height", figure.height, "How tall {is} {x}?", "{X} {is} {v} tall.", of="person"),
    _fact(
        "weight",
        figure.weight,
        "How much {does} {x} weigh?",
        "{X} weigh{s} {v}.",
        of="person",
        unless="retired",
    ),
    _fact("residence", site.town, "Where does {x} live?", "{X} lives {v}.", of="alive"),
    _fact(
        "politicalparty party",
        read.party,
        "Which political party {does} {x} belong to?",
        "{X} belong{s} to {v}.",
        of="person",
    ),
    _fact(
        "fields field",
        word.fields,
        "In which field{n} {does} {x} work?",
        "{X} work{s} in {v}.",
        of="person",
    ),
    _fact(
        "doctoraladvisor",
        read.names,
        "Who supervised the doctoral thesis of {x}?",
        "The doctoral thesis of {x} was supervised by {v}.",
        of="person",
    ),
    _fact(
        "institutions",
        read.schools,
        "At which institution{n} did {x} work?",
        "{X} worked at {v}.",
        of="person",
        unless="alive",
    ),
    _fact(
        "institutions",
        read.schools,
        "At which institution{n} {has} {x} worked?",
        "{X} {has} worked at {v}.",
        of="alive",
    ),
    _fact(
        "yearsactive",
        figure.active_years,
        "When {was} {x} active?",
        "{X} {was} active {v}.",
        of="person act",
    ),
    _fact(
        "yearsactive",
        figure.active_since,
        "Since when {has} {x} been active?",
        "{X} {has} been active {v}.",
        of="person act",
        unless="dead former",
    ),
    _fact(
        "playingposition position positions",
        word.phrases,
        "What {are} the playing position{n} of {x}?",
        "The playing position{n} of {x} {are} {v}.",
        of="person",
        unless="retired",
    ),
    _fact(
        "playingposition position positions",
        word.phrases,
        "What {were} the playing position{n} of {x}?",
        "The playing position{n} of {x} {were} {v}.",
        of="retired",
    ),
    _fact(
        "currentteam currentclub",
        read.one_name,
        "Which team does {x} play for?",
        "{X} plays for {v}.",
        of="alive",
        unless="coach",
    ),
    _fact(
        "playedfor",
        read.teams,
        "Which team{n} did {x} play for?",
        "{X} played for {v}.",
        of="person",
    ),
    _fact(
        "turnedpro",
        figure.date,
        "When did {x} turn professional?",
        "{X} turned professional {v}.",
        of="person",
    ),
    _fact(
        "playingcareer", figure.active_years, "When did {x} play?", "{X} played {v}.", of="person"
    ),
    _fact(
        "sport",
        word.phrases,
        "Which sport {does} {x} compete in?",
        "{X} compete{sd} in {v}.",
        of="person",
        unless="retired",
    ),
    _fact(
        "sport",
        word.phrases,
        "Which sport did {x} compete in?",
        "{X} competed in {v}.",
        of="retired",
    ),
    _fact(
        "allegiance", site.country, "Which country did {x} serve?", "{X} served {v}.", of="person"
    ),
    _fact(
        "servicebranch branch",
        read.branch,
        "In which branch of the armed forces did {x} serve?",
        "{X} served in {v}.",
        of="person",
    ),
    _fact(
        "rank",
        read.rank,
        "Which military rank did {x} reach?",
        "{X} reached the military rank of {v}.",
        of="soldier",
    ),
    _fact(
        "battleswars battles",
        read.battles,
        "Which battles and wars did {x} take part in?",
        "{X} took part in {v}.",
        of="soldier",
    ),
    _fact(
        "instruments",
        word.instruments,
        "Which instrument{n} {does} {x} play?",
        "{X} play{s} {v}.",
        of="person",
    ),
    _fact(
        "awards",
        read.awards,
        "Which award{n} did {x} receive?",
        "{X} received {v}.",
        of="person",
    ),
)

_MUSIC = (
    _fact(
        "released release releasedate",
        figure.only_release,
        "When {was} {x} released?",
        "{X} {was} released {v}.",
        unless="software",
    ),
    _fact(
        "recorded", figure.span, "When {was} {x} recorded?", "{X} {was} recorded {v}.", of="record"
    ),
    _fact(
        "studio",
        read.studio,
        "Where {was} {x} recorded?",
        "{X} {was} recorded at {v}.",
        of="record",
    ),
    _fact(
        "genre genres",
        word.phrases,
        "What {are} the genre{n} of {x}?",
        "The genre{n} of {x} {are} {v}.",
        of="record act film book game",
    ),
    _fact("length", figure.minutes, "How long {is} {x}?", "{X} {is} {v} long.", of="record"),
    _fact(
        "label labels",
        read.record_labels,
        "Which record label{n} released {x}?",
        "{X} {was} released on the label{n} {v}.",
        of="record",
    ),
    _fact(
        "label labels",
        read.record_labels,
        "Which record label{n} did {x} record for?",
        "{X} recorded for the label{n} {v}.",
        of="act person",
    ),
    _fact(
        "producer producers",
        read.names,
        "Who produced {x}?",
        "{X} {was} produced by {v}.",
        of="record game film",
    ),
    _fact(
        "songwriter songwriters writer writers lyricist",
        read.names,
        "Who wrote {x}?",
        "{X} {was} written by {v}.",
        of="record film game",
    ),
    _fact(
        "composer composers",
        read.names,
        "Who composed the music of {x}?",
        "The music of {x} was composed by {v}.",
        of="film game record",
    ),
    _fact(
        "members",
        read.several,
        "Who {are} the members of {x}?",
        "The members of {x} {are} {v}.",
        of="act",
    ),
    _fact(
        "pastmembers",
        read.several,
        "Who are the former members of {x}?",
        "The former members of {x} include {v}.",
        of="act",
    ),
    _fact("origin", site.home, "Where {is} {x} from?", "{X} {is} from {v}.", of="act person"),
    _fact(
        "associatedacts",
        read.acts,
        "Which act{n} {is} {x} associated with?",
        "{X} {is} associated with {v}.",
        of="act person",
    ),
    _fact(
        "bside", read.song, "What is the B-side of {x}?", "The B-side of {x} is {v}.", of="record"
    ),
)

_SCREEN = (
    _fact(
        "directedby director directors",
        read.names,
        "Who directed {x}?",
        "{X} {was} directed by {v}.",
        of="film record game",
    ),
    _fact("producedby", read.names, "Who produced {x}?", "{X} {was} produced by {v}.", of="film"),
    _fact("writtenby", read.names, "Who wrote {x}?", "{X} {was} written by {v}."),
    _fact(
        "screenplayby screenplay",
        read.names,
        "Who wrote the screenplay of {x}?",
        "The screenplay of {x} was written by {v}.",
        of="film",
    ),
    _fact(
        "storyby",
        read.names,
        "Who wrote the story of {x}?",
        "The story of {x} was written by {v}.",
        of="film",
    ),
    _fact("starring", read.cast, "Who stars in {x}?", "{X} stars {v}.", of="film"),
    _fact(
        "voicesof",
        read.cast,
        "Whose voices are heard in {x}?",
        "{X} has the voices of {v}.",
        of="film",
    ),
    _fact("presentedby", read.names, "Who presents {x}?", "{X} {was} presented by {v}.", of="film"),
    _fact("narratedby", read.names, "Who narrated {x}?", "{X} {was} narrated by {v}.", of="film"),
    _fact(
        "musicby",
        read.names,
        "Who composed the music of {x}?",
        "The music of {x} is by {v}.",
        of="film",
    ),
    _fact(
        "cinematography",
        read.names,
        "Who was the cinematographer of {x}?",
        "The cinematographer{n} of {x} {were} {v}.",
        of="film",
    ),
    _fact(
        "editedby editor editors",
        read.names,
        "Who edited {x}?",
        "{X} {was} edited by {v}.",
        of="film",
    ),
    _fact(
        "productioncompany productioncompanies",
        read.titles,
        "Which compan{ny} produced {x}?",
        "{X} {was} produced by {v}.",
        of="film",
    ),
    _fact(
        "distributedby distributor",
        read.titles,
        "Who distributed {x}?",
        "{X} {was} distributed by {v}.",
        of="film",
    ),
    _fact(
        "runningtime",
        figure.minutes,
        "How long is {x}?",
        "The running time of {x} is {v}.",
        of="film",
        unless="series",
    ),
    _fact(
        "runningtime",
        figure.minutes,
        "How long {is} an episode of {x}?",
        "An episode of {x} {is} {v} long.",
        of="series",
    ),
    _fact(
        "country countryoforigin",
        site.country,
        "Which countr{ny} {does} {x} come from?",
        "{X} {comes} from {v}.",
        of="film book",
        unless="place",
    ),
    _fact(
        "language originallanguage languages",
        word.languages,
        "What {are} the language{n} of {x}?",
        "The language{n} of {x} {are} {v}.",
        of="film book",
    ),
    _fact(
        "budget",
        figure.money,
        "What was the budget of {x}?",
        "The budget of {x} was {v}.",
        of="film",
    ),
    _fact(
        "boxoffice",
        figure.money,
        "How much did {x} earn at the box office?",
        "{X} earned {v} at the box office.",
        of="film",
    ),
    _fact(
        "createdby creator creators", read.names, "Who created {x}?", "{X} {was} created by {v}."
    ),
    _fact(
        "noofseasons numberofseasons",
        figure.count,
        "How many seasons {does} {x} have?",
        "{X} {has} {v} season{n}.",
        of="film",
    ),
    _fact(
        "noofepisodes numberofepisodes",
        figure.count,
        "How many episodes {does} {x} have?",
        "{X} {has} {v} episode{n}.",
        of="film",
    ),
    _fact(
        "originalnetwork network",
        read.one_name,
        "Which network first broadcast {x}?",
        "{X} {was} first broadcast on {v}.",
        of="film",
    ),
    _fact(
        "originalrelease originalrun",
        figure.broadcast,
        "When {was} {x} broadcast?",
        "{X} {was} broadcast {v}.",
        of="film",
    ),
    _fact("author authors", read.names, "Who wrote {x}?", "{X} {was} written by {v}.", of="book"),
    _fact(
        "publisher publishers",
        read.titles,
        "Who published {x}?",
        "{X} {was} published by {v}.",
        of="book game",
        unless="periodical",
    ),
    _fact(
        "publisher publishers",
        read.titles,
        "Who publishes {x}?",
        "{X} {is} published by {v}.",
        of="periodical",
        unless="former",
    ),
    _fact(
        "publicationdate published",
        figure.date,
        "When {was} {x} published?",
        "{X} {was} published {v}.",
        of="book",
    ),
    _fact(
        "pages",
        figure.count,
        "How many pages {does} {x} have?",
        "{X} {has} {v} page{n}.",
        of="book",
    ),
    _fact(
        "discipline",
        word.phrases,
        "What {are} the discipline{n} of {x}?",
        "The discipline{n} of {x} {are} {v}.",
        of="book",
    ),
)

_SOFTWARE = (
    _fact("developer developers", read.titles, "Who developed {x}?", "{X} {was} developed by {v}."),
    _fact(
        "originalauthor originalauthors",
        read.names,
        "Who was the original author of {x}?",
        "{X} {was} originally written by {v}.",
        of="software",
    ),
    _fact(
        "designer designers designedby",
        read.names,
        "Who designed {x}?",
        "{X} {was} designed by {v}.",
    ),
    _fact(
        "initialrelease firstappeared",
        figure.release,
        "When {was} {x} first released?",
        "{X} {was} first released {v}.",
    ),
    _fact(
        "writtenin",
        word.programs,
        "Which programming language{n} {is} {x} written in?",
        "{X} {is} written in {v}.",
        of="software",
    ),
    _fact(
        "operatingsystem",
        word.programs,
        "Which operating system{n} {does} {x} run on?",
        "{X} {runs} on {v}.",
        of="software",
    ),
    _fact(
        "platform platforms",
        word.programs,
        "On which platform{n} {is} {x} available?",
        "{X} {is} available on {v}.",
        of="game",
    ),
    _fact(
        "license",
        word.licence,
        "Under which license {is} {x} released?",
        "{X} {is} released under the {v}.",
        of="software",
    ),
    _fact(
        "engine",
        read.one_name,
        "Which engine {does} {x} use?",
        "{X} use{sd} the engine {v}.",
        of="game",
    ),
    _fact(
        "mode modes",
        word.phrases,
        "Which modes of play {does} {x} have?",
        "The mode{n} of play of {x} {are} {v}.",
        of="game",
    ),
    _fact("manufacturer", read.titles, "Who manufactured {x}?", "{X} {was} manufactured by {v}."),
)

_TAXON = tuple(
    _fact(
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
        "subclass",
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
    _fact(
        labels,
        site.division(noun),
        f"Which {noun} {{is}} {{x}} in?",
        "{X} {is} in {v}.",
        of="place",
        unless="country american" if noun == "county" else "country",
    )
    for noun, labels in _DIVISION_LABELS.items()
)

_PLACE = (
    _fact(
        "country sovereignstate",
        site.country,
        "Which countr{ny} {is} {x} in?",
        "{X} {is} in {v}.",
        of="place structure",
        unless="country",
    ),
    _fact(
        "countries",
        site.country,
        "Which countries {is} {x} in?",
        "{X} {is} in {v}.",
        of="place structure",
    ),
    *_DIVISIONS,
    _fact(
        "county",
        site.american_county,
        "Which county {is} {x} in?",
        "{X} {is} in {v}.",
        of="american",
    ),
    _fact(
        "population total city town village municipality commune township community",
        figure.people_count,
        "What {be} the population of {x}?",
        "The population of {x} {then} {v}{year}.",
        of="place",
    ),
    _fact(
        "density populationdensity",
        figure.density,
        "What {be} the population density of {x}?",
        "The population density of {x} {then} {v}{year}.",
        of="place",
    ),
    _fact(
        "area total city town commune municipality surfacearea",
        figure.area,
        "What {be} the area of {x}?",
        "The area of {x} {be} {v}.",
        of="place structure",
    ),
    _fact(
        "elevation elevationamsl",
        figure.height,
        "What {be} the elevation of {x}?",
        "The elevation of {x} {be} {v}.",
        of="place structure",
        unless="range",
    ),
    _fact(
        "highestelevation",
        figure.height,
        "What {be} the highest elevation of {x}?",
        "The highest elevation of {x} {be} {v}.",
        of="place structure",
    ),
    _fact(
        "elevation",
        figure.height,
        "What {be} the highest elevation of {x}?",
        "The highest elevation of {x} {be} {v}.",
        of="range",
    ),
    _fact(
        "mayor",
        read.one_person,
        "Who {then} the mayor of {x}{year}?",
        "The mayor of {x}{year} {then} {v}.",
        of="place",
    ),
    _fact(
        "governor",
        read.one_person,
        "Who {then} the governor of {x}{year}?",
        "The governor of {x}{year} {then} {v}.",
        of="place",
        unless="former",
    ),
    _fact(
        "timezone",
        figure.time_zone,
        "Which time zone {is} {x} in?",
        "The time zone of {x} {be} {v}.",
        of="place",
    ),
    _fact(
        "postalcode postalcodes postcode postcodes zipcode zipcodes",
        figure.code,
        "What {are} the postal code{n} of {x}?",
        "The postal code{n} of {x} {are} {v}.",
        of="place",
    ),
    _fact(
        "inseepostalcode",
        figure.french_postal_code,
        "What {be} the postal code of {x}?",
        "The postal code of {x} {be} {v}.",
        of="place",
    ),
    _fact(
        "areacode areacodes diallingcode diallingcodes dialingcode",
        figure.code,
        "What {are} the area code{n} of {x}?",
        "The area code{n} of {x} {are} {v}.",
        of="place",
    ),
    _fact(
        "founded",
        figure.first_date,
        "When {was} {x} founded?",
        "{X} {was} founded {v}.",
        unless="regime",
    ),
    _fact(
        "established",
        figure.first_date,
        "When {was} {x} established?",
        "{X} {was} established {v}.",
        unless="regime",
    ),
    _fact(
        "settled",
        figure.first_date,
        "When {was} {x} settled?",
        "{X} {was} settled {v}.",
    ),
    _fact(
        "incorporated",
        figure.first_date,
        "When {was} {x} incorporated?",
        "{X} {was} incorporated {v}.",
    ),
    _fact("namedfor", read.one_person, "Who {is} {x} named for?", "{X} {is} named for {v}."),
    _fact(
        "seat countyseat capital administrativecenter administrativecentre largestsettlement",
        read.one_name,
        "What {be} the {label} of {x}?",
        "The {label} of {x} {be} {v}.",
        of="place country",
    ),
    _fact(
        "capitalandlargestcity",
        read.opening_name,
        "What {be} the capital of {x}?",
        "The capital of {x} {be} {v}.",
        of="place country",
    ),
    _fact(
        "largestcity",
        read.one_name,
        "What {be} the largest city of {x}?",
        "The largest city of {x} {be} {v}.",
        unless="film",
    ),
    _fact(
        "officiallanguage officiallanguages",
        word.languages,
        "What {are} the official language{n} of {x}?",
        "The official language{n} of {x} {are} {v}.",
        of="place country",
        unless="regime",
    ),
    _fact(
        "commonlanguages",
        word.languages,
        "What {are} the common language{n} of {x}?",
        "The common language{n} of {x} {are} {v}.",
        of="place country",
        unless="regime",
    ),
    _fact(
        "currency",
        word.currency,
        "What {be} the currency of {x}?",
        "The currency of {x} {be} the {v}.",
        of="place country",
    ),
    _fact(
        "todaypartof",
        site.country,
        "Which countr{ny} are the lands of {x} part of today?",
        "The lands of {x} are part of {v} today.",
        of="place country",
    ),
    _fact("mouth", site.water, "Where {does} {x} flow?", "{X} flow{s} into {v}.", of="structure"),
    _fact(
        "length",
        figure.length,
        "How long {is} {x}?",
        "The length of {x} {be} {v}.",
        unless="record film person happening",
    ),
    _fact(
        "linelength totallength",
        figure.length,
        "How long {is} {x}?",
        "The length of {x} {be} {v}.",
    ),
    _fact(
        "width",
        figure.length,
        "How wide {is} {x}?",
        "The width of {x} {be} {v}.",
        of="structure",
    ),
    _fact(
        "height",
        figure.height,
        "How high {is} {x}?",
        "The height of {x} {be} {v}.",
        unless="person happening",
    ),
)

_ORGANISATION = (
    _fact(
        "founder founders foundedby", read.names, "Who founded {x}?", "{X} {was} founded by {v}."
    ),
    _fact(
        "headquarters headquarterslocation",
        site.place,
        "Where {are} the headquarters of {x}?",
        "The headquarters of {x} {are} {v}.",
    ),
    _fact(
        "industry",
        word.industries,
        "Which industr{ny} {is} {x} in?",
        "{X} {is} in {v}.",
        of="company",
    ),
    _fact(
        "parent parentcompany",
        read.one_name,
        "What {be} the parent company of {x}?",
        "The parent company of {x} {be} {v}.",
        of="company book",
    ),
    _fact(
        "owner owners ownedby",
        read.names,
        "Who owns {x}?",
        "{X} {is} owned by {v}.",
        unless="former season",
    ),
    _fact(
        "operator operators operatedby",
        read.titles,
        "Who operates {x}?",
        "{X} {is} operated by {v}.",
        unless="former season",
    ),
    _fact(
        "operator operators operatedby",
        read.titles,
        "Who operated {x}?",
        "{X} {was} operated by {v}.",
        of="former",
        unless="season",
    ),
    _fact(
        "numberofemployees employees",
        figure.people_count,
        "How many employees {does} {x} have?",
        "The number of employees of {x} {then} {v}.",
        of="company",
    ),
    _fact(
        "type companytype",
        word.company_type,
        "What type of company {is} {x}?",
        "{X} {is} {v}.",
        of="company",
    ),
    _fact(
        "keypeople",
        read.people,
        "Who are the key people of {x}?",
        "The key people of {x} include {v}.",
        of="company",
        unless="former",
    ),
    _fact(
        "keypeople",
        read.chief_executive,
        "Who is the chief executive of {x}?",
        "The chief executive of {x} is {v}.",
        of="company",
        unless="former",
    ),
    _fact("opened openingdate dateopened", figure.date, "When did {x} open?", "{X} opened {v}."),
    _fact("closed", figure.date, "When did {x} close?", "{X} closed {v}."),
    _fact(
        "dissolved defunct",
        figure.date,
        "When {was} {x} dissolved?",
        "{X} {was} dissolved {v}.",
        unless="person",
    ),
    _fact("launched", figure.date, "When {was} {x} launched?", "{X} {was} launched {v}."),
    _fact(
        "commissioned",
        figure.date,
        "When {was} {x} commissioned?",
        "{X} {was} commissioned {v}.",
        unless="person",
    ),
    _fact("laiddown", figure.date, "When {was} {x} laid down?", "{X} {was} laid down {v}."),
    _fact("formation formed", figure.first_date, "When {was} {x} formed?", "{X} {was} formed {v}."),
    _fact(
        "built constructed",
        figure.date,
        "When {was} {x} built?",
        "{X} {was} built {v}.",
        unless="person company book",
    ),
    _fact(
        "completed completiondate",
        figure.date,
        "When {was} {x} completed?",
        "{X} {was} completed {v}.",
        of="structure",
    ),
    _fact("builder", read.titles, "Who built {x}?", "{X} {was} built by {v}."),
    _fact(
        "architect architects",
        read.names,
        "Who was the architect of {x}?",
        "{X} {was} designed by {v}.",
        unless="company",
    ),
    _fact(
        "capacity seatingcapacity",
        figure.people_count,
        "What is the capacity of {x}?",
        "The capacity of {x} {then} {v}.",
        unless="team season happening",
    ),
    _fact(
        "location",
        site.place,
        "Where {is} {x}?",
        "{X} {is} {v}.",
        of="structure",
        unless="happening record film company person team season",
    ),
    _fact(
        "platforms",
        figure.count,
        "How many platforms {does} {x} have?",
        "{X} {has} {v} platform{n}.",
        of="structure",
        unless="game software",
    ),
    _fact("serves", site.served, "Which place {does} {x} serve?", "{X} serve{sd} {v}."),
    _fact(
        "league",
        read.league,
        "Which league {does} {x} play in?",
        "{X} play{s} in the {v}.",
        of="team",
        unless="season person",
    ),
    _fact(
        "ground stadium homestadium homearena arena arenastadium",
        read.opening_name,
        "What {be} the home ground of {x}?",
        "The home ground of {x} {be} {v}.",
        of="team",
        unless="person happening",
    ),
    _fact(
        "headcoach manager coach",
        read.coach,
        "Who {be} the {label} {of} {x}?",
        "The {label} {of} {x} {be} {v}.",
        of="team season",
        unless="person",
    ),
    _fact(
        "captain",
        read.coach,
        "Who {be} the captain of {x}?",
        "The captain of {x} {be} {v}.",
        of="team season",
        unless="person",
    ),
    _fact(
        "conference",
        read.league,
        "Which conference {does} {x} play in?",
        "{X} play{s} in the {v}.",
        of="team",
    ),
    _fact(
        "abbreviation",
        read.acronym,
        "What {be} the abbreviation of {x}?",
        "The abbreviation of {x} {be} {v}.",
    ),
    _fact(
        "garrisonhq",
        site.place,
        "Where {are} the headquarters of {x}?",
        "The headquarters of {x} {are} {v}.",
    ),
)

_EVENT = (
    _fact(
        "date dates", figure.span, "When did {x} take place?", "{X} took place {v}.", of="happening"
    ),
    _fact(
        "location",
        site.place,
        "Where did {x} take place?",
        "{X} took place {v}.",
        of="happening",
        unless="conflict",
    ),
    _fact(
        "location",
        site.battlefield,
        "Where did {x} take place?",
        "{X} took place {v}.",
        of="conflict",
    ),
    _fact(
        "venue", site.venue, "Where did {x} take place?", "{X} took place at {v}.", of="happening"
    ),
    _fact(
        "champion champions winner winners",
        read.winner,
        "Who won {x}?",
        "{X} {was} won by {v}.",
        of="happening season",
        unless="cup",
    ),
    _fact(
        "runnersup runnerup",
        read.winner,
        "Who was the runner-up in {x}?",
        "The runner-up in {x} was {v}.",
        of="happening season",
        unless="cup",
    ),
    _fact(
        "attendance",
        figure.people_count,
        "What was the attendance at {x}?",
        "The attendance at {x} was {v}.",
        of="happening",
    ),
    _fact(
        "referee",
        read.one_person,
        "Who was the referee of {x}?",
        "The referee of {x} was {v}.",
        of="happening",
    ),
    _fact(
        "teams numberofteams noofteams",
        figure.count,
        "How many teams took part in {x}?",
        "In {x}, {v} team{n} took part.",
        of="happening season",
    ),
    _fact(
        "matchesplayed",
        figure.count,
        "How many matches were played in {x}?",
        "In {x}, {v} match{nes} {were} played.",
        of="happening season",
        unless="under-way",
    ),
    _fact(
        "topgoalscorer topscorer",
        read.coach,
        "Who was the top scorer of {x}?",
        "The top scorer of {x} was {v}.",
        of="happening season",
        unless="under-way",
    ),
    _fact(
        "surface",
        word.phrase,
        "Which surface {was} {x} played on?",
        "{X} {was} played on {v}.",
        of="happening",
    ),
    _fact(
        "relegated",
        read.names,
        "Which team{n} {were} relegated in {x}?",
        "In {x}, {v} {were} relegated.",
        of="season",
    ),
    _fact(
        "promoted",
        read.names,
        "Which team{n} {were} promoted in {x}?",
        "In {x}, {v} {were} promoted.",
        of="season",
    ),
    _fact(
        "signed datesigned",
        figure.span,
        "When {was} {x} signed?",
        "{X} {was} signed {v}.",
        unless="person",
    ),
    _fact("result outcome", word.victory, "How did {x} end?", "{X} ended in {v}.", of="conflict"),
    _fact("hostcity hostcities", site.home, "Where did {x} take place?", "{X} took place in {v}."),
)

_OTHER = (
    _fact(
        "nativeto",
        site.country,
        "Where {is} {x} spoken?",
        "{X} {is} native to {v}.",
        unless="taxon",
    ),
    _fact(
        "languagefamily",
        word.language_family,
        "Which language family {does} {x} belong to?",
        "{X} belong{s} to the {v} language family.",
    ),
    _fact(
        "mainingredients",
        word.phrases,
        "What are the main ingredients of {x}?",
        "The main ingredients of {x} are {v}.",
    ),
    _fact(
        "placeoforigin",
        site.origin,
        "Where {does} {x} come from?",
        "{X} {comes} from {v}.",
        unless="person",
    ),
    _fact(
        "chemicalformula formula",
        word.formula,
        "What is the chemical formula of {x}?",
        "The chemical formula of {x} is {v}.",
    ),
    _fact(
        "molarmass",
        figure.molar_mass,
        "What is the molar mass of {x}?",
        "The molar mass of {x} is {v}.",
    ),
    _fact(
        "frequency",
        figure.frequency,
        "On which frequency {does} {x} broadcast?",
        "The frequency of {x} {be} {v}.",
    ),
    _fact("owningcompany", read.one_name, "Who owns {x}?", "{X} {is} owned by {v}."),
)

FACT_QUESTIONS: tuple[FactQuestion, ...] = (
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
