"""German: how a title is written in a sentence, who is asked by "wer", and what defines nothing."""

import re

from pipeline.clean.rules import ReadingRules
from pipeline.clean.sentences import Abbreviations
from pipeline.questions.definitions import maker_of
from pipeline.questions.grammar import Determiner, Grammar, any_pattern, word_set
from pipeline.questions.language import Language, word_list

_MONTH = "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_ADJECTIVE = re.compile(
    r"(\w+(?:isch|lich|ig|sch|haft|los|nah|warm|kalt|groß|alt|neu|hoh|tief|weiß"
    r"|schwarz|rot|grün|kurz|lang|dunkl|zeitend|ierend|iert|arm|reich|fer|ter|bar|isiert|sprachig))"
    r"(e|er|es)(?= [A-ZÄÖÜ])"
)


def _head_noun(title: str) -> str:
    """The last word before a preposition or a genitive: "Sprache" of "Polnische Sprache"."""
    start = re.match(r"(?:[A-ZÄÖÜ]\w*(?:isch|lich|ig|sch|haft|los)?(?:e|er|es) )*([\w-]+)", title)
    return start[1] if start else title


def _inflect(title: str) -> tuple[str, str] | None:
    """ "Polnische Sprache" → ("die", "Polnische Sprache"), "Schwarzer Tod" → ("der", "Schwarze
    Tod"): the adjective's ending shows the gender.
    """
    adjective = _ADJECTIVE.match(title)
    if not adjective:
        return None
    article = {"e": "die", "er": "der", "es": "das"}[adjective[2]]
    return article, f"{adjective[1]}e{title[adjective.end() :]}"


READING = ReadingRules(
    and_word="und",
    abbreviations=Abbreviations(
        never_last=word_set(
            "e z.b z b d h d.h u i i.d d.r dr prof hl st sog bzw ca vgl gem kgl frhr geb gest nr"
            " s f"
            " ff bd abk allg altgr griech lat engl frz dt ahd mhd mr mrs jh jhd jhdt n v chr. u.a"
            " m.d wiss inkl evtl ggf max min mio mrd ehem op urspr i. mind russ arab hebr türk"
            " span ital"
        ),
        sometimes_last=word_set(
            "usw etc chr jr sr inc ltd co corp u.ä u.s u.v.m o.ä a d. r. a. km m cm kg h min e.v"
        ),
        starters=word_set(
            "der die das dem den des ein eine einer eines er sie es sein seine seiner ihr ihre"
            " ihrer"
            " in im am an auf aus bei bis durch für mit nach seit über um unter von vom vor zu zum"
            " zur während wegen trotz zwischen als wenn weil da dass doch aber und oder auch dabei"
            " dadurch daher damals danach dann darunter davon dazu diese dieser dieses heute hier"
            " insgesamt jedoch man mehrere nachdem neben nur ob obwohl so sowohl später viele"
            " vielen"
            " weitere wie wird wurde zudem zunächst alle außerdem bereits besonders erst gemeinsam"
            " international weltweit häufig meist oft ursprünglich ihm ihn solche beide einige"
        ),
        ordinals=True,
    ),
    closing_headings=re.compile(
        r"siehe auch|literatur|weblinks|einzelnachweise|anmerkungen|quellen|belege|fußnoten"
        r"|anmerkungen und einzelnachweise|galerie|weiterführende literatur|film(?:e|ografie)"
    ),
    page_types=(
        (re.compile(r"^Begriffsklärung\b", re.MULTILINE), "disambiguation"),
        (re.compile(r"^Liste\b", re.MULTILINE), "list"),
        (re.compile(r"^Familienname$", re.MULTILINE), "surname"),
        (re.compile(r"^(?:Männlicher|Weiblicher) Vorname$", re.MULTILINE), "given name"),
    ),
    hatnote=re.compile(
        r"(?:Dieser Artikel (?:beschreibt|behandelt|befasst|erläutert|bezieht|handelt|ist|oder"
        r"|beschäftigt|stellt|bedarf|betrifft)|Diese Seite (?:behandelt|beschreibt|ist)"
        r"|Der folgende"
        r" (?:Artikel|Abschnitt)|Weitere Bedeutungen|Zu (?:anderen|weiteren|weitere)\b"
        r"|Zum gleichnamigen"
        r"|Nicht zu verwechseln|Dies ist der|[^.]{1,80}\b(?:leitet hierher|ist eine Weiterleitung)"
        r"|[^.]{1,120}\bsiehe\b[^.]{0,80}\.$|Dieser Artikel)"
    ),
    boxes=re.compile(
        r"\b(?:Vorlage_(?:Dieser_Artikel|\w*Hinweis\w*)|bksicon|hintergrundfarbe\d)\b"
    ),
    editorial_note=re.compile(
        r"\s?\[\s*(?:A(?:nm\.?)? ?\d{1,3}|Anm\.|Belege? fehl(?:t|en)|Quelle fehlt|sic!?)\s*\]"
    ),
    foreign_label=re.compile(
        r"(?:(?:von|aus|nach|zu|auf|auch|amtlich|deutsch|kurz für"
        r"|dem) )*[a-zäöüß-]+isch(?:e[nrsm]?)?,? "
        r"(?=[A-ZÀ-Þ\ue001*„‚\"]|[^\x00-\u024f])|(?:Aussprache|IPA\b|gesprochen|ausgesprochen|DMG\b"
        r"|Pinyin|Transliteration|wiss\. Transliteration|Betonung|anhören)|[a-zäöüß-]+isch\s*:"
    ),
)

GRAMMAR = Grammar(
    who="Wer ist {x}?",
    who_plural="Wer sind {x}?",
    what="Was ist {x}?",
    what_plural="Was sind {x}?",
    determiners={
        "der": Determiner(gender="mf", oblique=True),
        "die": Determiner(gender="f", plural=None),
        "das": Determiner(gender="n"),
        "the": Determiner(plural=None, foreign=True),
        "ein": Determiner(gender="mn", definite=False),
        "eine": Determiner(gender="f", definite=False),
        "den": Determiner(gender="m", plural=None, article=False),
        "dem": Determiner(gender="mn", article=False),
        "des": Determiner(gender="mn", article=False),
        "im": Determiner(gender="mn", article=False),
        "am": Determiner(gender="mn", article=False),
        "vom": Determiner(gender="mn", article=False),
        "zum": Determiner(gender="mn", article=False),
        "zur": Determiner(gender="f", article=False),
        "einen": Determiner(gender="m", article=False, definite=False),
        "einem": Determiner(gender="mn", article=False, definite=False),
        "einer": Determiner(gender="f", article=False, definite=False),
        "eines": Determiner(gender="mn", article=False, definite=False),
        "dieser": Determiner(gender="mf", article=False),
        "dieses": Determiner(gender="mn", article=False),
    },
    definite={"m": "der", "f": "die", "n": "das", "": ""},
    definite_plural={"m": "", "f": "", "n": "", "": ""},
    indefinite={"m": "ein", "f": "eine", "n": "ein", "": ""},
    genders=(
        (
            re.compile(
                r"(?:oper|mauer|feier|steuer|leber|feder|mutter|tochter|schulter|nummer|kammer"
                r"|leiter"
                r"|ader|faser|butter|trauer|folter)$"
            ),
            "f",
        ),
        (
            re.compile(
                r"(?:wasser|fenster|messer|zimmer|feuer|pulver|lager|theater|orchester|kloster"
                r"|wetter"
                r"|muster|monster|opfer|ufer|alter|silber|kupfer|papier|tier|klavier|turnier|labor"
                r"|kleid|kind|geld|bild|ding|gold|land|band|pfand|gewand|blut|brot|boot|moor|ohr)$"
            ),
            "n",
        ),
        (
            re.compile(
                r"(?:eur|or|er|ist|ent|ant|loge|graph|graf|ling|ismus|us|ig|ich|all|ast|opf|aum"
                r"|ock|ang|ug|uss|and|ank|unkt|arm|all|ein|ain|iff)$"
            ),
            "m",
        ),
        (
            re.compile(
                r"(?:unft|ung|heit|keit|schaft|tät|tion|sion|ik|ie|ur|enz|anz|ei|in|nis|kraft"
                r"|zeit|stadt"
                r"|kunst|macht|fahrt|art|bahn|hand|wand|nacht|wurst|frucht|sucht|pflicht|welt"
                r"|form)$"
            ),
            "f",
        ),
        (
            re.compile(
                r"(?:chen|lein|ment|um|ma|tum|zeug|werk|haus|land|spiel|gerät|schiff|tier|buch"
                r"|organ|instrument|fest|rad|feld|bad|mittel|recht|tal|ei|bild|stück|system)$"
            ),
            "n",
        ),
        (re.compile(r"(?:e|a)$"), "f"),
        (re.compile(r"^ge\w+"), "n"),
        (re.compile(r"$"), "m"),
    ),
    head_noun=_head_noun,
    inflect=_inflect,
    endings=re.compile(r"(?<=..)(?:ern|en|er|es|em|n|e|s)$"),
    plural_title=re.compile(
        r"(?:.* )?\w*(?:innen|ungen|heiten|keiten|schaften|tiere|pflanzen|[äöü]\w*er|v[öo]gel|ien"
        r"|[^i]sten|kten|nten|lten|nen|len|ere)"
    ),
    singular_verbs=word_set(
        "ist war wird wurde bezeichnet bezeichnete umfasst liegt bedeutet steht heißt nennt"
        " versteht"
        " gehört beschreibt bildet dient besteht entstand hat soll gilt zählt befindet fasst"
        " beschäftigt befasst meint"
    ),
    plural_verbs=word_set(
        "sind waren werden wurden entsprechen bezeichnen umfassen liegen bedeuten stehen heißen"
        " gehören beschreiben"
        " bilden dienen bestehen haben sollen gelten zählen befinden"
    ),
    subordinate=word_set("dass welche welcher welches wo wenn dessen deren"),
    terms=re.compile(
        r"(?:\b(?:Begriff|Ausdruck|Wort|Bezeichnung|Name|Terminus|Wörter|Begriffe)(?: de[sr])?"
        r"|\b(?:Als|Unter|Mit|als|unter|mit)) ?[„\"“‚]?\s*$"
    ),
    adjectives=re.compile(
        r"(?<!\w)([Dd]er|[Dd]ie|[Dd]as|[Ee]in|[Ee]ine)(?: (?:oder|bzw\.) (?:der|die|das))?"
        r" [A-ZÄÖÜa-zäöüß][a-zäöüß-]+(?:e|er|es|te)$"
    ),
    before_noun=word_set(
        "der die das des dem den ein eine einer eines einem einen nach dem als laut und in mit"
        " name pseudonym künstlername bühnenname aus von für zusammen mehrere zwei drei"
    ),
    attribute=re.compile(
        r" (?:ein|eine|der|die|das)\b[^,;.(]{0,120} [a-zäöüß]+(?:te|ene|nde)[rsn]? (?=[A-ZÄÖÜ])"
    ),
    noun_end=re.compile(r"[,;:(]|\.(?=\s|$)"),
    callings=any_pattern(
        r"""
            [\w-]*(?:iker|ikant|ist|loge|graph?|graf|soph|nom|eur|präsident|student|agent|dozent
            |regent|assistent|produzent|dirigent|kommandant|leutnant|intendant|autor|direktor
            |professor|doktor|komponist)(?:in)? \w+[^n]erin
            """
    ),
    strong_callings=any_pattern(
        r"""
            \w*(?:sänger|spieler|schriftsteller|maler|dichter|forscher|erfinder|fahrer|musiker
            |lehrer|unternehmer|trainer|herrscher|führer|gründer|entdecker|krieger|künstler
            |reformer|pfarrer|schauspieler|wissenschaftler|politiker|bildhauer|baumeister
            |schreiber|redner|verleger|prediger|kämpfer|läufer|springer|schwimmer|turner|boxer
            |tänzer|zeichner|astronom|arzt|richter|denker|seefahrer|eroberer|priester|minister
            |kanzler|meister|sportler|reporter|moderator|produzent|rapper|pilot|raumfahrer|mönch
            |bischof|kardinal|papst|fürst|könig|kaiser|prinz|graf|herzog|zar|sultan|kalif|pharao
            |ritter|feldherr|general|offizier|soldat|held|titelheld|figur|gestalt|gott|gottheit
            |prophet|apostel|engel|teufel|dämon|geist|bürgerrechtler|sohn|nymphe|zauberer
            |superheld|vater|urvater|stammvater|seeräuber|pirat|anwalt|theologe|philosoph
            |psychologe|biologe|pianist|komponist|autor|regisseur)(?:in)?
            \w*(?:göttin|königin|kaiserin|fürstin|gräfin|herzogin|prinzessin|ärztin|äbtissin
            |nonne|tochter|mutter|frau|heldin|mann|ingenieur|heilige|heiliger|häuptling
            |hauptfigur|anwältin)
            """
    ),
    calling_adjectives=any_pattern("(?!)"),
    not_callings=any_pattern(
        r"""
            motor faktor \w*bezeichnung begriff titel ehrentitel beruf amt ausdruck name vorname
            familienname kontinent fluss planet komet satellit komponent\w* element\w*
            präsident\w*schaft algorithmus parlament\w* kontinent\w* hydrant diamant elefant talent
            moment\w* instrument\w* trabant test\w* text kraut \w*stadt \w*ort \w*schrift
            \w*programm patent medikament fundament pergament monument dokument testament experiment
            department apartment konsonant chip mist twist rist frist list rest
            """
    ),
    plural_callings=any_pattern(r"\b[Bb]rüder\b \b[Gg]ebrüder\b \b[Ss]chwestern\b"),
    groups=re.compile(
        r"\b\w*[Bb]and\b|[a-z](?:musik|pop|rock)gruppe\b|Duo\b|Trio\b|Brüder\b|Schwestern\b"
    ),
    works=any_pattern(
        r"""
            \w*(?:film|roman|märchen|novelle|erzählung|gedicht|oper|operette|ballett|lied|album
            |serie|sinfonie|gemälde|skulptur|drama|komödie|tragödie|theaterstück|musical|comic
            |manga|anime|zeitschrift|zeitung|reihe|buch|geschichte|kinderbuch|ballade|sage|epos
            |fabel|show|sendung)
            """
    ),
    names=any_pattern(
        r"""
            \w*(?:stadt|hauptstadt|gemeinde|dorf|staat|land|landkreis|provinz|region|insel
            |bundesland|bundesstaat|unternehmen|konzern|hersteller|fluss|see|berg|gebirge|verein
            |fußballverein|marke|betriebssystem|programmiersprache|software|organisation|planet
            |mond|zwergplanet|ozean|kontinent|republik|königreich|großstadt|universität|fest
            |feiertag|gruppe|band|mission|inselgruppe|archipel|metropole|ort|ortsteil|stadtteil
            |halbinsel|landschaft|kanton)
            """
    ),
    kinds=any_pattern("(?!)"),
    taxa=any_pattern("(?!)"),
    generic=any_pattern("(?!)"),
    abstract=re.compile("(?!)"),
    joins=re.compile(r"(?:^|[\s,])(?:oder|und|auch|bzw\.)\s"),
    place_verbs=word_set("liegt befindet"),
    born=re.compile(
        r"[(;,] ?\* ?(?:um |ca\. |vor |nach |vermutlich |wahrscheinlich |zwischen |wohl |getauft "
        r"|spätestens"
        r"|frühestens |\d|in|im)|\((?:[^()]{0,80}[;,] )?(?:geboren|gest(?:orben|\.)|geb\.) "
        r"|[(;,] ?[†+] ?(?:um |ca\. |nach |vor |\d)|\bgeborene?r? \d"
    ),
    person_categories=re.compile(
        r"^(?:Geboren (?:\d|im)|Gestorben (?:\d|im)|Mann|Frau|Person \(|Gottheit|Literarische Figur"
        r"|Fiktive Person|Männliche Gottheit|Weibliche Gottheit)"
    ),
    skipped_titles=re.compile(
        rf"Listen? (?:der|von|des|aller)\b|.*\(Begriffsklärung\)$|\d{{1,2}}\. (?:{_MONTH})$"
        rf"|(?:{_MONTH})(?: \d+)?$|\d+\. Jahrhundert|\d+er$|\d+ v\. Chr\.$|Nekrolog |Kategorie:"
        r"|Zeittafel "
    ),
    refers=re.compile(
        r"[^.]{0,200}?\b(?:steht für|bezeichnet|bedeutet|ist der Name|ist der Familienname"
        r"|heißen|ist ein Ortsname|kann|ist der Ortsname)\b[^.:]{0,120}?:"
        r"|[^.]{0,100}\bist der (?:Familien|Vor)name folgender"
    ),
    skipped_leads=re.compile(
        r"(?:Die (?:folgende )?Liste |Diese (?:Liste|Seite|Tabelle)|Dieser Artikel|Die folgende"
        r"|Nachfolgend|Folgende )"
    ),
    small_nouns=False,
    bare_nouns=True,
    plural_endings=("n", "en", "s"),
    counted=re.compile(
        r"Berufsbezeichnung|Person\b|Bezeichnung für eine|Träger\b|[Gg]erät\b|[Ww]erkzeug\b"
        r"|[Ff]ahrzeug\b|[Gg]ebäude\b"
        r"|[Ww]erk\b|Buch\b|Raum\b|[Bb]ehälter\b|[Gg]egenstand\b|[Aa]nlage\b|[Ss]chiff\b|[Ww]affe\b"
        r"|[Mm]öbel\w*\b|[Gg]efäß\b|[Ss]tück\b|[Gg]ericht\b|[Tt]ier\b|[Bb]auwerk\b"
        r"|[Ii]nstrument\b|[Oo]rgan\b|[Mm]aschine\b|[Ff]läche\b|[Ff]igur\b"
    ),
    reading=READING,
)
MAKER = maker_of(GRAMMAR)

# --- how people ask, and what the program says ---

_NAME = (
    r"([A-ZÄÖÜÀ-ÖØ-Þ0-9][\w.'’&/+-]*(?: (?:(?:von|der|die|das|van|zu|und"
    r"|de) )*[A-ZÄÖÜÀ-ÖØ-Þ0-9][\w.'’&/+-]*){0,6})"
)

# Other phrasings of a definition's question; {3} is the subject.
_WHO = ("wer ist {1}", "Wer war {1}?", "sag mir, wer {1} ist", "Weißt du, wer {1} ist?")
_WHO_MANY = ("wer sind {1}", "Wer waren {1}?", "sag mir, wer {1} sind")
_WHAT = (
    *("was ist {1}", "Was war {1}?", "sag mir, was {1} ist", "erklär mir, was {1} ist"),
    "Weißt du, was {1} ist?",
)
_WHAT_MANY = ("was sind {1}", "sag mir, was {1} sind", "Weißt du, was {1} sind?")

LANGUAGE = Language(
    code="de",
    name="Deutsch",
    categories="Kategorie",
    articles=("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer"),
    definite=("der", "die", "das", "den", "dem", "dieser", "diese", "dieses"),
    fillers=word_list(
        """
            der die das den dem des ein eine einen einem einer eines von vom im in am an auf aus bei
            mit zu zum zur fur uber und oder wer was welche welcher welches wie ist sind war waren
            sein es man mir mich dir dich ihnen ihr du sie ich wir uns mein dein bitte danke hallo
            hi hey sag sage sagen erklar erklare erklaren definiere definieren beschreibe
            beschreiben weisst weiss wissen kennst kennen kannst konnen konnten konntest mochte will
            wurde gern gerne brauche etwas alles mehr kurz zusammenfassung definition bedeutung
            bedeutet heisst genannt namens info infos information informationen zeig zeige gib
            erzahl erzahle erzahlen rede reden denn eigentlich genau also gut ok so mal doch wort
            begriff unter versteht
            """
    ),
    openers=word_list(
        "wer was wem wen welche welcher welches wann wo wie warum definiere erklar uber"
    ),
    addressing=word_list(
        "ich mir mich du dir sie hallo hi hey frage entschuldigung bitte danke ok"
    ),
    yes_no=word_list("ist sind war waren hat haben kann konnen gibt"),
    pronouns=word_list("er sie es ihn ihm ihr ihnen sein seine seiner ihre ihrer dessen deren"),
    expletives=(),
    joins=word_list("und oder mit von zu als gegen versus vs"),
    comparisons=word_list("unterschied unterschiede vergleich vergleiche vergleichen zwischen"),
    by=word_list("von"),
    persons=word_list("wer wem wen"),
    chatter=(
        r" (?:fur|wie fur) (?:kinder|anfanger|dumme|ein kind)$",
        r" in (?:wenigen|einfachen|anderen) worten$",
        r"^(?:weisst du|wissen sie|kannst du mir sagen|konnen sie mir sagen) (?:etwas )?(?:uber )?",
    ),
    continues=r"^(?:und|oder|aber) (?:der|die|das|von|vom|wer|was|fur|uber|in)\b|^und\b"
    r"|^was ist mit\b",
    other_one=r"^(?:(?:nein|und|ich meine) )*(?:der|die|das) andere$",
    more=r"^(?:(?:und|bitte|ok) )*(?:(?:erzahle?|sage?)(?: mir| uns)? )?(?:noch )?mehr"
    r"(?: (?:dazu|daruber|davon|bitte|uber|von|ihn|ihm|sie|ihr|es))*$"
    r"|^(?:bitte )?(?:weiter|mach weiter|erzahle? weiter|sonst noch (?:was|etwas)|ist das alles)$"
    r"|^(?:und )?was (?:noch|sonst)(?: (?:noch|weisst|hast|du|dazu|daruber|uber|ihn|sie|es))*$",
    small_talk=(
        (
            "hello",
            r"^(?:hallo|hi|hey|guten (?:tag|morgen|abend)|servus|moin|gruss gott)(?: .{0,12})?$",
        ),
        ("how are you", r"^(?:hallo )?wie (?:gehts|geht es)(?: .{0,12})?$"),
        ("thanks", r"^(?:vielen |herzlichen )?(?:danke|dank)(?: .{0,20})?$"),
        (
            "who are you",
            r"^(?:wer|was) (?:bist du|sind sie)$|^wie heisst du$|^wie ist dein name$"
            r"|^bist du (?:ein|eine) .*$"
            r"|^wer hat dich (?:gemacht|gebaut|programmiert)$|^wie funktionierst du$",
        ),
        ("what have you read", r"^was (?:hast du gelesen|weisst du|kennst du)$"),
        ("help", r"^(?:hilfe|hilf mir|was kannst du|wie funktioniert das)(?: .*)?$"),
        ("bye", r"^(?:tschuss|auf wiedersehen|bis (?:bald|spater|dann)|gute nacht|ciao)$"),
        ("ok", r"^(?:ok|okay|gut|super|toll|ja|nein|klar|alles klar|verstehe|aha|ach so|perfekt)$"),
        (
            "cannot",
            r"^(?:erzahl|sag|sing|schreib|mal|mach)e?(?: mir)? (?:einen|eine|ein) (?:witz"
            r"|geschichte|lied|gedicht"
            r"|marchen|ratsel|brief)$|^wie (?:spat|viel uhr) ist es$|^welcher tag ist heute$"
            r"|^ich liebe dich$",
        ),
    ),
    endings=(("", "n"), ("", "en"), ("", "e"), ("", "er"), ("", "s")),
    kinds=(
        ("film", "kinofilm"),
        ("serie", "sendung", "fernsehserie"),
        ("lied", "song", "single"),
        ("band", "gruppe", "duo"),
        ("sanger", "sangerin", "musiker", "kunstler"),
        ("buch", "roman", "werk"),
        ("unternehmen", "firma", "konzern", "marke"),
        ("stadt", "dorf", "gemeinde", "ort"),
        ("land", "staat", "provinz", "region"),
        ("fluss", "see", "berg", "insel"),
        ("tier", "pflanze", "art", "vogel", "fisch"),
        ("planet", "mond", "stern"),
        ("sprache",),
    ),
    name_lists=r"\b(?:(?:auch|früher|kurz|besser|meist|häufig|oft|amtlich|umgangssprachlich"
    r"|allgemein) )+(?:als |bekannt als"
    r" |unter dem Namen |genannt |bekannt unter )?|\b(?:genannt|alias|bekannt als|eigentlich) ",
    name_stops=r"[;.)(:]| (?:genannt|bekannt|bezeichnet)\b|, (?:ist|war|sind|waren|der|die|das) "
    r"| (?:ist|war|sind|waren) ",
    name_joins=r", (?:und |oder )?| oder | und | bzw\. |/",
    other_names=(rf"\((?:eigentlich|geboren(?: als)?|geb\.) {_NAME}",),
    copulas=("ist", "sind", "war", "waren", "bezeichnet"),
    name_ends=word_list("ag gmbh ii iii iv inc ltd co kg"),
    definitions=(
        (r"^Wer ist (.+)\?$", _WHO),
        (r"^Wer sind (.+)\?$", _WHO_MANY),
        (r"^Was ist (.+)\?$", _WHAT),
        (r"^Was sind (.+)\?$", _WHAT_MANY),
    ),
    singular=(),
    agreement={},
    wordings=(),
    says={
        "meant": "{title}",
        "take": "Ich nehme an, es geht um {title}.",
        "several": "Was davon: {titles}?",
        "or": "{some} oder {last}",
        "and": "{some} und {last}",
        "not read": "Über {about} habe ich nichts gelesen.",
        "not read near": "Über {about} habe ich nichts gelesen. Am nächsten kommt: {titles}.",
        "no topic": "Ich weiß nicht, um wen oder was es geht: bitte den Namen nennen.",
        "not that": "Über {title} habe ich gelesen, aber das nicht. Was ich weiß: {known}.",
        "not that, only who": "Über {title} habe ich gelesen, aber das nicht: ich kann nur sagen,"
        " wer das ist.",
        "not that, only": "Über {title} habe ich gelesen, aber das nicht: ich kann nur sagen, was"
        " es ist.",
        "more": "Mehr als dies weiß ich nicht über {title}: {known}.",
        "no more": "Das ist alles, was ich über {title} weiß.",
        "no facts": "Auf Deutsch lerne ich nur Definitionen.",
        "source": "Quelle, {check}: {title} ({url}, Version {revid}, {licence})",
        "no source": "ohne Quelle: {check}",
        "word for word": "Wort für Wort wie gelesen",
        "not word for word": "nicht Wort für Wort wie gelesen",
        "cut": "die Antwort wurde an der Grenze abgeschnitten: --max-new-tokens setzt sie",
        "kept back": "was das Netz behalten hat, ist nicht Wort für Wort"
        " das Gelesene: keine Antwort (--strict)",
        "held out": "{title} wurde geladen, aber zum Messen aus dem Training gelassen: ich habe"
        " es nicht gelesen.",
        "two": "Über beide: {titles}.",
        "yes or no": "Das kann ich nicht beurteilen; dies habe ich gelesen.",
        "guess": "Was folgt, ist geraten:",
        "hello": "Hallo. Frag mich nach etwas, das ich gelesen habe, etwa {titles}.",
        "how are you": "Ich bin ein Programm, und es geht mir gut. Was möchtest du wissen?",
        "thanks": "Gern geschehen.",
        "who are you": "Ich bin ein kleines Sprachmodell, von Grund auf mit {count} Seiten von"
        " {site} trainiert."
        " Ich antworte, was ich gelesen habe, und sage, wenn ich etwas nicht gelesen habe.",
        "what have you read": "Ich habe {count} Seiten gelesen, darunter {titles}.",
        "help": "Frag, wer oder was etwas ist: „Wer ist Ada Lovelace?“.",
        "bye": "Auf Wiedersehen.",
        "ok": "Gut. Was möchtest du wissen?",
        "cannot": "Das kann ich nicht: ich antworte nur auf das, was ich gelesen habe.",
        "guessed": "geraten: das wurde nicht gelesen",
        "thousands": ".",
        "commands": "Frag, wer oder was etwas ist.\n"
        "/read TITEL  eine Seite des gelesenen Wikis laden und lernen\n"
        "/sources     wo die letzte Antwort gelesen wurde\n"
        "/run         welches Netz antwortet\n"
        "/help        diese Hilfe\n"
        "/quit        das Ende (auch Strg-D); Strg-C hält eine Antwort an",
        "no command": "{word} ist kein Befehl: {commands}",
        "no command, but near": "{word} ist kein Befehl: meinst du {near}?",
        "offer to read": "/read ohne Titel lädt und lernt die Seite.",
        "no last source": "die letzte Antwort hat keine Quelle",
        "read what": "sag, welche Seite: /read Ada Lovelace",
        "fetching": "„{title}“ wird von {site} geladen…",
        "no page": "{site} hat keinen Artikel „{title}“, der sagt, was das ist: der volle"
        " Titel hilft vielleicht.",
        "nothing new": "„{title}“ ist schon gelesen und bringt nichts Neues.",
        "learning": "„{title}“ wird gelernt…",
        "learnt": "Gelernt: frag danach.",
    },
)
