"""The table of facts: which label of an infobox, on which kind of thing, makes which question and which answer.

In the sentences, {x} is the subject as in running English ({X} at a sentence's head) and {v} the value. The rest agrees by itself:
with the subject {is} {was} {does} {has} and the ending {s} (it "belong{s}": belongs, belong, belonged), where what is dead or dissolved
takes the past; with the value {are} and the plural ending {n} ("The genre{n} of {x} {are} {v}.").
"""

import re
from dataclasses import dataclass

from pipeline import fact_figures as figure
from pipeline import fact_places as site
from pipeline import fact_values as read
from pipeline.fact_values import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One row's question and answer."""

    labels: tuple[str, ...]
    """As label_key writes them."""
    read: Reader
    question: str
    answer: str
    of: frozenset[str]
    """The kinds of thing on which the label has this meaning; empty for all."""
    unless: frozenset[str]
    """The kinds of thing on which it has not."""


def label_key(label: str) -> str:
    """A label without case, plural in parentheses, bullets, spaces: "Production company(s)" → "productioncompany"."""
    return re.sub(r"[^a-z]", "", re.sub(r"\([^()]*\)|\b\d{4}\b", "", label.lower()))


def _ask(labels: str, reader: Reader, question: str, answer: str, of: str = "", unless: str = "") -> Ask:
    return Ask(labels=tuple(labels.split()), read=reader, question=question, answer=answer,
               of=frozenset(of.split()), unless=frozenset(unless.split()))


_PERSON = (
    _ask("born", figure.life_date, "When was {x} born?", "{X} was born {v}.", "", "happening"),
    _ask("born", site.life_place, "Where was {x} born?", "{X} was born {v}.", "", "happening"),
    _ask("died", figure.life_date, "When did {x} die?", "{X} died {v}."),
    _ask("died", site.life_place, "Where did {x} die?", "{X} died {v}."),
    _ask("dateofbirth", figure.first_date, "When was {x} born?", "{X} was born {v}.", "person"),
    _ask("placeofbirth birthplace", site.place, "Where was {x} born?", "{X} was born {v}.", "person"),
    _ask("dateofdeath", figure.first_date, "When did {x} die?", "{X} died {v}.", "person"),
    _ask("placeofdeath deathplace", site.place, "Where did {x} die?", "{X} died {v}.", "person"),
    _ask("occupation occupations profession", read.occupations, "What {is} the occupation of {x}?", "{X} {is} {v}.", "person"),
    _ask("nationality", read.nationality, "What {is} the nationality of {x}?", "{X} {is} {v}.", "person"),
    _ask("almamater education college university educatedat", read.schools, "Where did {x} study?", "{X} studied at {v}.", "person"),
    _ask("spouse spouses", read.spouses, "Who did {x} marry?", "{X} married {v}.", "person"),
    _ask("children issue", read.children, "How many children {does} {x} have?", "{X} {has} {v}.", "person"),
    _ask("father", read.one_person, "Who {is} the father of {x}?", "The father of {x} {is} {v}.", "person"),
    _ask("mother", read.one_person, "Who {is} the mother of {x}?", "The mother of {x} {is} {v}.", "person"),
    _ask("house royalhouse", read.house, "Which royal or noble house did {x} belong to?", "{X} belonged to the {v}.", "dead"),
    _ask("predecessor", read.one_person, "Who preceded {x}?", "{X} was preceded by {v}.", "person"),
    _ask("successor", read.one_person, "Who succeeded {x}?", "{X} was succeeded by {v}.", "person"),
    _ask("reign", figure.span, "When did {x} reign?", "{X} reigned {v}.", "dead"),
    _ask("burial restingplace", site.place, "Where is {x} buried?", "{X} is buried {v}.", "dead"),
    _ask("causeofdeath", read.cause, "What was the cause of {x}'s death?", "The cause of {x}'s death was {v}.", "dead"),
    _ask("fullname birthname", read.full_name, "What is the full name of {x}?", "The full name of {x} is {v}.", "person"),
    _ask("height", figure.height, "How tall {is} {x}?", "{X} {is} {v} tall.", "person"),
    _ask("weight", figure.weight, "How much {does} {x} weigh?", "{X} weigh{s} {v}.", "person"),
    _ask("residence", site.place, "Where does {x} live?", "{X} lives {v}.", "alive"),
    _ask("politicalparty party", read.party, "Which political party {does} {x} belong to?", "{X} belong{s} to {v}.", "person"),
    _ask("fields field", read.phrases, "In which field{n} {does} {x} work?", "{X} work{s} in {v}.", "person"),
    _ask("doctoraladvisor", read.names, "Who supervised the doctoral thesis of {x}?", "The doctoral thesis of {x} was supervised by {v}.", "person"),
    _ask("institutions", read.titles, "At which institution{n} did {x} work?", "{X} worked at {v}.", "person"),
    _ask("yearsactive", figure.active_years, "When was {x} active?", "{X} was active {v}.", "person act"),
    _ask("playingposition position positions", read.phrases, "What {is} the playing position of {x}?", "The playing position{n} of {x} {are} {v}.", "person"),
    _ask("currentteam currentclub", read.one_name, "Which team does {x} play for?", "{X} plays for {v}.", "alive", "coach"),
    _ask("playedfor", read.names, "Which team{n} did {x} play for?", "{X} played for {v}.", "person"),
    _ask("turnedpro", figure.date, "When did {x} turn professional?", "{X} turned professional {v}.", "person"),
    _ask("playingcareer", figure.active_years, "When did {x} play?", "{X} played {v}.", "person"),
    _ask("sport", read.phrases, "Which sport {does} {x} compete in?", "{X} compete{sd} in {v}.", "person"),
    _ask("allegiance", site.country, "Which country did {x} serve?", "{X} served {v}.", "person"),
    _ask("servicebranch branch", read.one_name, "In which branch of the armed forces did {x} serve?", "{X} served in the {v}.", "person"),
    _ask("rank", read.rank, "What {is} the military rank of {x}?", "The military rank of {x} {is} {v}.", "soldier"),
    _ask("battleswars battles", read.names, "Which battles and wars did {x} take part in?", "The battles and wars of {x} include {v}.", "soldier"),
    _ask("instruments", read.phrases, "Which instruments {does} {x} play?", "The instrument{n} of {x} {are} {v}.", "person"),
    _ask("awards", read.titles, "Which awards has {x} received?", "The awards of {x} include {v}.", "person"),
)

_MUSIC = (
    _ask("released release releasedate", figure.only_release, "When was {x} released?", "{X} was released {v}.", "", "software"),
    _ask("recorded", figure.span, "When was {x} recorded?", "{X} was recorded {v}.", "record"),
    _ask("studio", read.studio, "Where was {x} recorded?", "{X} was recorded at {v}.", "record"),
    _ask("genre genres", read.phrases, "What is the genre of {x}?", "The genre{n} of {x} {are} {v}.", "record act film book game"),
    _ask("length", figure.minutes, "How long {is} {x}?", "{X} {is} {v} long.", "record"),
    _ask("label labels", read.labels, "Which record label{n} released {x}?", "{X} was released by {v}.", "record"),
    _ask("label labels", read.labels, "Which record label{n} did {x} record for?", "{X} recorded for {v}.", "act person"),
    _ask("producer producers", read.names, "Who produced {x}?", "{X} was produced by {v}.", "record game film"),
    _ask("songwriter songwriters writer writers lyricist", read.names, "Who wrote {x}?", "{X} was written by {v}.", "record film game"),
    _ask("composer composers", read.names, "Who composed the music of {x}?", "The music of {x} was composed by {v}.", "film game record"),
    _ask("members", read.names, "Who {are} the members of {x}?", "The members of {x} {are} {v}.", "act"),
    _ask("pastmembers", read.names, "Who are former members of {x}?", "Former members of {x} include {v}.", "act"),
    _ask("origin", site.home, "Where {is} {x} from?", "{X} {is} from {v}.", "act person"),
    _ask("associatedacts", read.names, "Which acts {is} {x} associated with?", "{X} {is} associated with {v}.", "act person"),
    _ask("bside", read.song, "What is the B-side of {x}?", "The B-side of {x} is {v}.", "record"),
)

_SCREEN = (
    _ask("directedby director directors", read.names, "Who directed {x}?", "{X} was directed by {v}.", "film record game"),
    _ask("producedby", read.names, "Who produced {x}?", "{X} was produced by {v}.", "film"),
    _ask("writtenby", read.names, "Who wrote {x}?", "{X} was written by {v}."),
    _ask("screenplayby screenplay", read.names, "Who wrote the screenplay of {x}?", "The screenplay of {x} was written by {v}.", "film"),
    _ask("storyby", read.names, "Who wrote the story of {x}?", "The story of {x} was written by {v}.", "film"),
    _ask("starring", read.cast, "Who stars in {x}?", "{X} stars {v}.", "film"),
    _ask("voicesof", read.cast, "Whose voices are heard in {x}?", "{X} has the voices of {v}.", "film"),
    _ask("presentedby", read.names, "Who presents {x}?", "{X} was presented by {v}.", "film"),
    _ask("narratedby", read.names, "Who narrated {x}?", "{X} was narrated by {v}.", "film"),
    _ask("musicby", read.names, "Who composed the music of {x}?", "The music of {x} is by {v}.", "film"),
    _ask("cinematography", read.names, "Who was the cinematographer of {x}?", "The cinematography of {x} is by {v}.", "film"),
    _ask("editedby editor editors", read.names, "Who edited {x}?", "{X} was edited by {v}.", "film"),
    _ask("productioncompany productioncompanies", read.titles, "Which company produced {x}?", "The production compan{ny} of {x} {are} {v}.", "film"),
    _ask("distributedby distributor", read.titles, "Who distributed {x}?", "{X} was distributed by {v}.", "film"),
    _ask("runningtime", figure.minutes, "How long is {x}?", "The running time of {x} is {v}.", "film"),
    _ask("country countryoforigin", site.country, "Which countr{ny} {does} {x} come from?", "{X} come{s} from {v}.", "film book", "place"),
    _ask("language originallanguage languages", read.languages, "What is the language of {x}?", "The language{n} of {x} {are} {v}.", "film book"),
    _ask("budget", figure.money, "What was the budget of {x}?", "The budget of {x} was {v}.", "film"),
    _ask("boxoffice", figure.money, "How much did {x} earn at the box office?", "{X} earned {v} at the box office.", "film"),
    _ask("createdby creator creators", read.names, "Who created {x}?", "{X} was created by {v}."),
    _ask("noofseasons numberofseasons", figure.count, "How many seasons {does} {x} have?", "{X} {has} {v} season{n}.", "film"),
    _ask("noofepisodes numberofepisodes", figure.count, "How many episodes {does} {x} have?", "{X} {has} {v} episode{n}.", "film"),
    _ask("originalnetwork network", read.titles, "Which network first broadcast {x}?", "{X} was first broadcast on {v}.", "film"),
    _ask("author authors", read.names, "Who wrote {x}?", "{X} was written by {v}.", "book"),
    _ask("publisher publishers", read.titles, "Who published {x}?", "{X} was published by {v}.", "book game"),
    _ask("publicationdate published", figure.date, "When was {x} published?", "{X} was published {v}.", "book"),
    _ask("pages", figure.count, "How many pages {does} {x} have?", "{X} {has} {v} page{n}.", "book"),
    _ask("discipline", read.phrases, "What is the discipline of {x}?", "The discipline{n} of {x} {are} {v}.", "book"),
)

_SOFTWARE = (
    _ask("developer developers", read.titles, "Who developed {x}?", "{X} was developed by {v}."),
    _ask("originalauthor originalauthors", read.names, "Who was the original author of {x}?", "{X} was originally written by {v}.", "software"),
    _ask("designer designers designedby", read.names, "Who designed {x}?", "{X} was designed by {v}."),
    _ask("initialrelease firstappeared", figure.release, "When was {x} first released?", "{X} was first released {v}."),
    _ask("writtenin", read.programs, "Which programming language{n} {is} {x} written in?", "{X} {is} written in {v}.", "software"),
    _ask("operatingsystem", read.programs, "Which operating systems {does} {x} run on?", "{X} run{s} on {v}.", "software"),
    _ask("platform platforms", read.programs, "On which platform{n} {is} {x} available?", "{X} {is} available on {v}.", "game"),
    _ask("license", read.licence, "Under which license is {x} released?", "{X} is released under the {v}.", "software"),
    _ask("engine", read.one_name, "Which engine does {x} use?", "{X} uses the engine {v}.", "game"),
    _ask("mode modes", read.phrases, "Which modes of play does {x} have?", "The mode{n} of play of {x} {are} {v}.", "game"),
    _ask("manufacturer", read.titles, "Who manufactured {x}?", "{X} was manufactured by {v}."),
)

_TAXON = tuple(
    _ask(ranks, read.taxon, f"To which {rank} {{does}} {{x}} belong?", f"{{X}} belong{{s}} to the {rank} {{v}}.", "taxon")
    for rank, ranks in (("kingdom", "kingdom"), ("phylum", "phylum"), ("class", "class"), ("order", "order"), ("suborder", "suborder"),
                        ("superfamily", "superfamily"), ("family", "family"), ("subfamily", "subfamily"), ("tribe", "tribe"), ("genus", "genus"))
)

_DIVISIONS = tuple(
    _ask(labels, site.division(noun), f"Which {noun} {{is}} {{x}} in?", "{X} {is} in {v}.", "place", "country")
    for noun, labels in (("state", "state usstate federalstate"), ("region", "region"), ("province", "province"), ("county", "county"), ("department", "department"),
                         ("arrondissement", "arrondissement"), ("canton", "canton"), ("district", "district"), ("municipality", "municipality"),
                         ("prefecture", "prefecture"), ("voivodeship", "voivodeship"), ("governorate", "governorate"))
)

_PLACE = (
    _ask("country sovereignstate", site.country, "Which countr{ny} {is} {x} in?", "{X} {is} in {v}.", "place spot", "country"),
    _ask("countries", site.country, "Which countries {is} {x} in?", "{X} {is} in {v}.", "place spot"),
    *_DIVISIONS,
    _ask("population total city town village municipality commune township community", figure.people_count, "What is the population of {x}?", "The population of {x} is {v}.", "place"),
    _ask("density populationdensity", figure.density, "What is the population density of {x}?", "The population density of {x} is {v}.", "place"),
    _ask("area total city town commune municipality surfacearea", figure.area, "What is the area of {x}?", "The area of {x} is {v}.", "place spot"),
    _ask("elevation elevationamsl highestelevation", figure.height, "What is the elevation of {x}?", "The elevation of {x} is {v}.", "place spot"),
    _ask("mayor", read.one_person, "Who is the mayor of {x}?", "The mayor of {x} is {v}.", "place"),
    _ask("governor", read.one_person, "Who is the governor of {x}?", "The governor of {x} is {v}.", "place", "former"),
    _ask("timezone", figure.time_zone, "Which time zone {is} {x} in?", "The time zone of {x} is {v}.", "place"),
    _ask("postalcode postalcodes postcode postcodes zipcode zipcodes", figure.code, "What is the postal code of {x}?", "The postal code{n} of {x} {are} {v}.", "place"),
    _ask("areacode areacodes diallingcode diallingcodes dialingcode", figure.code, "What is the area code of {x}?", "The area code{n} of {x} {are} {v}.", "place"),
    _ask("founded established settled", figure.first_date, "When was {x} founded?", "{X} was founded {v}."),
    _ask("incorporated", figure.first_date, "When was {x} incorporated?", "{X} was incorporated {v}."),
    _ask("namedfor", read.one_person, "Who {is} {x} named for?", "{X} {is} named for {v}."),
    _ask("seat countyseat capital administrativecenter administrativecentre largestsettlement", read.one_name, "What {is} the {label} of {x}?", "The {label} of {x} {is} {v}."),
    _ask("capitalandlargestcity", read.opening_name, "What {is} the capital of {x}?", "The capital of {x} {is} {v}."),
    _ask("largestcity", read.one_name, "What {is} the largest city of {x}?", "The largest city of {x} {is} {v}.", "", "film"),
    _ask("officiallanguage officiallanguages", read.languages, "What {is} the official language of {x}?", "The official language{n} of {x} {are} {v}.", "place country"),
    _ask("commonlanguages", read.languages, "Which language{n} {are} spoken in {x}?", "The language{n} spoken in {x} {are} {v}.", "country place"),
    _ask("currency", read.thing, "What {is} the currency of {x}?", "The currency of {x} {is} the {v}.", "place country"),
    _ask("todaypartof", site.country, "Which countr{ny} {are} the lands of {x} part of today?", "The lands of {x} are part of {v} today.", "place country"),
    _ask("mouth", site.water, "Where {does} {x} flow?", "{X} flow{s} into {v}.", "spot"),
    _ask("length", figure.length, "How long is {x}?", "The length of {x} is {v}.", "", "record film person"),
    _ask("linelength totallength", figure.length, "How long is {x}?", "The length of {x} is {v}."),
    _ask("width", figure.length, "How wide is {x}?", "The width of {x} is {v}.", "spot"),
    _ask("height", figure.height, "How high is {x}?", "The height of {x} is {v}.", "", "person"),
)

_ORGANISATION = (
    _ask("founder founders foundedby", read.names, "Who founded {x}?", "{X} was founded by {v}."),
    _ask("headquarters headquarterslocation", site.place, "Where {is} the headquarters of {x}?", "The headquarters of {x} {is} {v}."),
    _ask("industry", read.phrases, "Which industry {is} {x} in?", "The industr{ny} of {x} {are} {v}.", "company"),
    _ask("products", read.phrases, "What are the products of {x}?", "The products of {x} include {v}.", "company"),
    _ask("parent parentcompany", read.titles, "What is the parent company of {x}?", "The parent company of {x} is {v}.", "company book"),
    _ask("owner owners ownedby", read.names, "Who owns {x}?", "{X} {is} owned by {v}.", "", "former season"),
    _ask("operator operators operatedby", read.titles, "Who operates {x}?", "{X} {is} operated by {v}.", "", "former season"),
    _ask("numberofemployees employees", figure.people_count, "How many employees {does} {x} have?", "The number of employees of {x} {is} {v}.", "company"),
    _ask("keypeople", read.names, "Who are key people of {x}?", "Key people of {x} include {v}.", "company"),
    _ask("opened openingdate dateopened", figure.date, "When did {x} open?", "{X} opened {v}."),
    _ask("closed", figure.date, "When did {x} close?", "{X} closed {v}."),
    _ask("dissolved defunct", figure.date, "When was {x} dissolved?", "{X} was dissolved {v}.", "", "person"),
    _ask("launched", figure.date, "When was {x} launched?", "{X} was launched {v}."),
    _ask("commissioned", figure.date, "When was {x} commissioned?", "{X} was commissioned {v}.", "", "person"),
    _ask("laiddown", figure.date, "When was {x} laid down?", "{X} was laid down {v}."),
    _ask("formation formed", figure.first_date, "When was {x} formed?", "{X} was formed {v}."),
    _ask("built completed constructed", figure.date, "When was {x} built?", "{X} was built {v}.", "", "person"),
    _ask("builder", read.titles, "Who built {x}?", "{X} was built by {v}."),
    _ask("architect architects", read.names, "Who was the architect of {x}?", "{X} was designed by {v}."),
    _ask("capacity seatingcapacity", figure.people_count, "What is the capacity of {x}?", "The capacity of {x} is {v}.", "", "team season"),
    _ask("location", site.place, "Where {is} {x}?", "{X} {is} {v}.", "", "happening record film company person"),
    _ask("locale", site.home, "Where {is} {x}?", "{X} {is} in {v}.", "spot"),
    _ask("serves", site.home, "Which place does {x} serve?", "{X} serves {v}."),
    _ask("league", read.league, "Which league {does} {x} play in?", "{X} play{s} in the {v}.", "team", "season person"),
    _ask("ground stadium homestadium homearena arena arenastadium", read.opening_name, "What is the home ground of {x}?", "The home ground of {x} is {v}.", "team", "person"),
    _ask("headcoach manager coach", read.coach, "Who {is} the {label} of {x}?", "The {label} of {x} {is} {v}.", "team season", "person"),
    _ask("captain", read.coach, "Who {is} the captain of {x}?", "The captain of {x} {is} {v}.", "team season", "person"),
    _ask("conference", read.league, "Which conference {does} {x} play in?", "{X} play{s} in the {v}.", "team"),
    _ask("ideology", read.phrases, "What {is} the ideology of {x}?", "The ideolog{ny} of {x} {are} {v}."),
    _ask("abbreviation", read.acronym, "What is the abbreviation of {x}?", "The abbreviation of {x} is {v}."),
    _ask("garrisonhq", site.place, "Where {is} the headquarters of {x}?", "The headquarters of {x} {is} {v}."),
)

_EVENT = (
    _ask("date dates", figure.span, "When did {x} take place?", "{X} took place {v}.", "happening"),
    _ask("location", site.place, "Where did {x} take place?", "{X} took place {v}.", "happening"),
    _ask("venue", site.venue, "Where did {x} take place?", "{X} took place at {v}.", "happening"),
    _ask("champion champions winner winners", read.unbracketed, "Who won {x}?", "{X} was won by {v}.", "happening season"),
    _ask("runnersup runnerup", read.unbracketed, "Who was the runner-up in {x}?", "The runner-up in {x} was {v}.", "happening season"),
    _ask("attendance", figure.people_count, "What was the attendance at {x}?", "The attendance at {x} was {v}.", "happening"),
    _ask("referee", read.one_person, "Who was the referee of {x}?", "The referee of {x} was {v}.", "happening"),
    _ask("teams numberofteams noofteams", figure.count, "How many teams took part in {x}?", "{v} team{n} took part in {x}.", "happening season"),
    _ask("matchesplayed", figure.count, "How many matches were played in {x}?", "{v} match{nes} {were} played in {x}.", "happening season"),
    _ask("topgoalscorer topscorer", read.coach, "Who was the top scorer of {x}?", "The top scorer of {x} was {v}.", "happening season"),
    _ask("surface", read.phrase, "Which surface was {x} played on?", "{X} was played on {v}.", "happening"),
    _ask("relegated", read.names, "Which team{n} {were} relegated in {x}?", "In {x}, {v} {were} relegated.", "season"),
    _ask("promoted", read.names, "Which team{n} {were} promoted in {x}?", "In {x}, {v} {were} promoted.", "season"),
    _ask("signed datesigned", figure.span, "When was {x} signed?", "{X} was signed {v}.", "", "person"),
    _ask("result outcome", read.victory, "Who won {x}?", "{X} ended in {v}.", "conflict"),
    _ask("hostcity hostcities", site.home, "Where did {x} take place?", "{X} took place in {v}."),
)

_OTHER = (
    _ask("mainingredients", read.phrases, "What are the main ingredients of {x}?", "The main ingredients of {x} are {v}."),
    _ask("placeoforigin", site.home, "Where {does} {x} come from?", "{X} come{s} from {v}.", "", "person"),
    _ask("chemicalformula formula", read.formula, "What is the chemical formula of {x}?", "The chemical formula of {x} is {v}."),
    _ask("molarmass", figure.molar_mass, "What is the molar mass of {x}?", "The molar mass of {x} is {v}."),
    _ask("frequency", figure.frequency, "On which frequency does {x} broadcast?", "{X} broadcasts on {v}."),
    _ask("owningcompany", read.one_name, "Who owns {x}?", "{X} {is} owned by {v}."),
)

ASKS: tuple[Ask, ...] = (*_PERSON, *_MUSIC, *_SCREEN, *_SOFTWARE, *_TAXON, *_PLACE, *_ORGANISATION, *_EVENT, *_OTHER)
