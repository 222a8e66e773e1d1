"""Spanish: how a title is written in a sentence, who is asked by "quién", what defines nothing."""

import re

from pipeline.clean.rules import ReadingRules
from pipeline.clean.sentences import Abbreviations
from pipeline.questions.definitions import maker_of
from pipeline.questions.grammar import Determiner, Grammar, any_pattern, word_set
from pipeline.questions.language import Language, word_list

_MASCULINE = Determiner(gender="m")
_FEMININE = Determiner(gender="f")
_MONTH = (
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|se[pt]+iembre|octubre|noviembre|diciembre"
)

READING = ReadingRules(
    and_word="y",
    abbreviations=Abbreviations(
        never_last=word_set(
            "sr sra srta dr dra d dña prof gral cap cnel lic ing arq mons fr sto sta st mr mrs núm"
            " nº n.º pág págs p pp vol cap art ed fig aprox ca c cf p.ej ej av avda vs lat gr n"
        ),
        sometimes_last=word_set(
            "etc a.c d.c a. d. ee uu ee.uu s.a s.l s s.a.s inc ltd co corp jr sr p.m a.m m p"
            " j.c u.s no km m cm h min v"
        ),
        starters=word_set(
            "el la los las un una unos unas este esta estos estas ese esa su sus se es fue son"
            " en a al de del por para con sin según desde durante tras entre hasta sobre bajo"
            " como cuando donde aunque si pero y e ni no también además actualmente hoy"
            " posteriormente antes después luego así entonces mientras sin cada otro otra otros"
            " otras algunos algunas muchos muchas todos todas tiene está fueron nació murió"
            " gracias junto pese debido dicho dicha lo le les él ella ellos ellas aquí allí"
        ),
    ),
    closing_headings=re.compile(
        r"véase también|referencias|notas(?: y referencias)?|bibliografía|enlaces externos"
        r"|fuentes|citas|lecturas? adicional(?:es)?|galería|notas al pie|publicaciones"
        r"|obras citadas"
    ),
    page_types=(
        (re.compile(r"\bdesambiguación$", re.IGNORECASE | re.MULTILINE), "disambiguation"),
        (re.compile(r"^(?:Wikipedia:)?Anexos\b", re.MULTILINE), "list"),
        (re.compile(r"^Apellidos\b", re.MULTILINE), "surname"),
        (re.compile(r"^Nombres (?:masculinos|femeninos|ambiguos)$", re.MULTILINE), "given name"),
    ),
    hatnote=re.compile(
        r"(?:Est[ea] (?:artículo|página|anexo) (?:trata|se refiere|es sobre|o sección|necesita|está"
        r"|contiene|incluye|hace referencia)|Para (?:otros usos|el|la|los|las|un|una)\b[^.]{0,200}"
        r"\bvéase\b|No (?:debe )?confundirse|No debe confundirse|[^.]{1,80}\bredirigen? aquí"
        r"|Este aviso|En este artículo)"
    ),
    boxes=re.compile(r"\b(?:rellink|mw-disambig|infobox_v\d)\b"),
    editorial_note=re.compile(
        r"\s?\[\s*(?:(?:cita|referencia|aclaración|verificación|fuente|precisión) (?:requerida"
        r"|necesaria)|¿(?:cuándo|quién|quiénes|dónde|cuál|por quién|según quién|por qué)\?"
        r"|no en la fuente|actualizar|verificar|sic)\s*\]",
        re.IGNORECASE,
    ),
    foreign_label=re.compile(
        r"(?:en|del) (?:(?:idioma|lengua|antiguo) )?(?:inglés|francés|alemán|italiano|portugués"
        r"|ruso"
        r"|griego|latín|árabe|hebreo|chino|japonés|coreano|catalán|gallego|euskera|vasco|neerlandés"
        r"|sueco|danés|noruego|finés|finlandés|polaco|checo|eslovaco|húngaro|rumano|turco|persa"
        r"|sánscrito|hindi|quechua|náhuatl|guaraní|aimara|ucraniano|serbio|croata|búlgaro"
        r"|[a-z]+és)\b"
        r"(?! \w+ (?:es|significa))|(?:pronunciad[oa]|pronunciación|pron\.|AFI\b|romanizad[oa]"
        r"|romanización|transliterad[oa]|transliteración|pinyin|escuchar\b)"
    ),
)

GRAMMAR = Grammar(
    who="¿Quién es {x}?",
    who_plural="¿Quiénes son {x}?",
    what="¿Qué es {x}?",
    what_plural="¿Qué son {x}?",
    determiners={
        "el": _MASCULINE,
        "la": _FEMININE,
        "los": Determiner(gender="m", plural=True),
        "las": Determiner(gender="f", plural=True),
        "un": Determiner(gender="m", definite=False),
        "una": Determiner(gender="f", definite=False),
        "del": Determiner(gender="m", article=False, stands_for="el"),
        "al": Determiner(gender="m", article=False),
        "este": Determiner(gender="m", article=False),
        "esta": Determiner(gender="f", article=False),
        "unos": Determiner(gender="m", plural=True, article=False),
        "unas": Determiner(gender="f", plural=True, article=False),
    },
    definite={"m": "el", "f": "la", "": "el"},
    definite_plural={"m": "los", "f": "las", "": "los"},
    indefinite={"m": "un", "f": "una", "": "un"},
    genders=(
        (re.compile(r"(?:ión|dad|tad|tud|umbre|ie|sis|itis|ez|triz)s?$"), "f"),
        (re.compile(r"(?:ema|oma|rama|grama|lima|igma|asma|día|mapa|planeta|cometa)s?$"), "m"),
        (re.compile(r"(?:a|as)$"), "f"),
        (re.compile(r"$"), "m"),
    ),
    head_noun=lambda title: re.match(r"\w*", title)[0],  # type: ignore[index]
    endings=re.compile(r"(?:es|e|s)$"),
    plural_title=re.compile(r"\w+[aeo]s(?: .*)?"),
    singular_verbs=word_set(
        "es fue era será define designa constituye hace indica denomina consiste refiere describe"
        " comprende abarca tiene representa puede significa sirve nació"
    ),
    plural_verbs=word_set(
        "son fueron eran serán definen designan constituyen hacen indican denominan consisten"
        " refieren describen comprenden abarcan tienen representan pueden significan"
    ),
    subordinate=word_set("que donde cuando cual quien cuyo cuya no"),
    terms=re.compile(
        r"(?:\b(?:términos?|palabras?|conceptos?|expresi(?:ón|ones)|locuci(?:ón|ones)|vocablos?"
        r"|noci(?:ón|ones))(?: de| genérico)?"
        r"|\b(?:llama|denomina|conoce como|entiende por|designa como|define como)) [«\"“]?$",
        re.IGNORECASE,
    ),
    before_noun=word_set(
        "el la los las un una unos unas uno de del lo gran grandes grande primer primero primera"
        " segundo segunda tercer tercero tercera cuarto cuarta quinto quinta sexto sexta séptimo"
        " octavo noveno décimo último última más muy menos mayor mejor principal principales"
        " importante importantes destacado destacada famoso famosa célebre conocido conocida"
        " reconocido reconocida influyente prolífico prolífica ilustre notable legendario"
        " legendaria antiguo antigua joven actual único única exitoso exitosa considerado"
        " considerada como seudónimo importantes antiguos antiguas distinguidos personalidades"
        " gran dos tres cuatro siete varios"
        " a y o también probablemente posiblemente quizá quizás además según sido propio misma"
        " mismo importante controvertido controvertida virtuoso eminente respetado prestigioso"
        " prestigiosa activo prominente distinguido mítico mítica supuesto segunda hija hijo así"
    ),
    noun_end=re.compile(
        r"[,.;:()]| (?:que|de|del|en|por|con|al?|cuy[oa]s?|para|desde|durante|entre|sobre|nacid[oa]"
        r"|quien|cuando)\b"
    ),
    callings=any_pattern(
        r"""
            (?:ex|vice|auto|neuro|bio|archi|co|contra)?-?(?:\w+[dts](?:or|ora|ores|oras)
            \w+(?:triz|istas?|ólog[oa]s?|ógraf[oa]s?|ónom[oa]s?|ósof[oa]s?|cratas?|iatras?|metras?)
            \w+(?:ner[oa]|ñer[oa]|ler[oa]|ter[oa]|ser[oa]|cer[oa]|jer[oa]|ier[oa]|ver[oa]|der[oa])
            \w+(?:ític[oa]|físic[oa]|ímic[oa]|úsic[oa]|edagog[oa]|emátic[oa]|écnic[oa])
            \w+(?:dante|gante|cante|tante|ciante|riante|nante|rante|dente|gente|iente) \w+iatras?)
            """
    ),
    strong_callings=any_pattern(
        r"""
            escritor(?:a|es)? novelista poet(?:a|isa) dramaturg[oa] filósof[oa] matemátic[oa]
            compositora? pintora? escultora? arquitect[oa] actor actriz cantante músic[oa]
            cantautora? director(?:a)? emperador emperatriz rey reina príncipe princesa faraón zar
            zarina sultán califa papa obispo arzobispo santo santa monje monja teólog[oa] profeta
            gurú místic[oa] imán rabino erudit[oa] estadista presidente presidenta general almirante
            mariscal militar caudillo guerrer[oa] líder lideresa jefe jefa monarca noble duque
            duquesa conde condesa marqués archiduque archiduquesa gobernante conquistador navegante
            explorador astronauta cosmonauta deportista atleta exatleta futbolista exfutbolista
            tenista extenista golfista boxeador gimnasta exgimnasta nadadora? ciclista piloto
            expiloto jugadora? exjugadora? entrenadora? patinadora? bailarín bailarina exbailarina
            coreógraf[oa] guionista cineasta periodista científic[oa] físic[oa] químic[oa]
            biólog[oa] astrónom[oa] médic[oa] ciruj[oa]n[oa] ingenier[oa] inventora? empresari[oa]
            magnate abogad[oa] jurista juez jueza economista historiador(?:a)? sabi[oa] polímata
            mujer hombre niñ[oa] artista personaje superhéroe superheroína héroe heroína dios diosa
            deidad divinidad semidiós titán titánide ninfa musa diablo demonio ángel arcángel figura
            personalidad hij[oa] jinete marino fidalgo emir lama mago guía informátic[oa]
            enfermer[oa] campesin[oa] intelectual eclesiástico boticario adivino margrave daimy[oō]
            orfebre yerno aristócrata vizconde barón baronesa trovador bardo ermitaño fraile abad
            abadesa místico cardenal presbítero diácono ministr[oa] vicepresident[ae] alcalde
            alcaldesa ensayista libretista letrista polític[oa] estudioso exégeta jurisconsulto cadí
            jeque califa herman[oa] espos[oa] madre padre discípul[oa] apóstol evangelista mártir
            patriarca forajid[oa] bandid[oa] pirata corsario valí visir sah shogun shōgun samurái
            político activista revolucionari[oa] maestr[oa] profesora? pensadora? sacerdote
            sacerdotisa beat[oa] clérigo religios[oa] predicadora? modelo comediante humorista
            payaso ilusionista mago comandante soldado oficial virrey gobernadora? senadora?
            ministr[oa] canciller diplomátic[oa] criminal asesin[oa] aventurer[oa] gladiador
            esclav[oa] aviadora? tenor soprano pianista violinista reformador cocinero chef
            diseñadora? fotógraf[oa] psicólog[oa] psiquiatra sociólog[oa] antropólog[oa] lingüista
            filólog[oa] pedagog[oa] naturalista geólog[oa] geógraf[oa] cartógrafo calígrafo rapero
            guitarrista baterista productora? locutora? mecenas banquer[oa] comerciante mercader
            heredero fundadora? creadora? pionero pionera nieto nieta amante compañera?
            """
    ),
    calling_adjectives=any_pattern(
        r"""
            polític[oa] militar religios[oa] místic[oa] oficial general noble físic[oa] químic[oa]
            científic[oa] músic[oa] médic[oa] matemátic[oa] filósofo sabi[oa] beat[oa] sant[oa]
            revolucionari[oa] divin[oa] divinidad intelectual eclesiástico criminal informátic[oa]
            artista principal mártir pirata líder maestr[oa] modelo cantante guía
            """
    ),
    not_callings=any_pattern(
        r"""
            fabricante constante \w*ordenador computador(?:a|es)? procesador \w*motor(?:es)? vector
            factor sector conector reactor tractor ascensor sensor televisor transistor editor
            navegador servidor contenedor director(?:io) desierto cuerpo planeta revista lista pista
            vista autopista conquista dinero acero número género tablero centro metro puerto
            aeropuerto río mar continente corriente ambiente puente fuente frente oriente occidente
            territorio cordillera carretera frontera primavera bandera esfera estadio deporte
            película serie novela distrito departamento provincia partido movimiento club equipo
            grupo elemento instrumento república fábrica época restaurante cereal variante constante
            componente gigante asteroide satélite torneo premio banco sistema sustancia sonda
            crucero velero bombardero cazador telescopio buscador reproductor emulador \w*era sector
            compañía empresa bloque bebida comida
            """
    ),
    plural_callings=any_pattern(r"\bhermanos\b \bhermanas\b"),
    groups=re.compile(r"\b(?:banda|dúo|trío|cuarteto|hermanos|hermanas)\b"),
    works=any_pattern(
        """
            película filme film novela cuento libro obra poema ópera opereta zarzuela ballet canción
            álbum disco sencillo sinfonía serie telenovela cuadro pintura escultura fresco comedia
            tragedia drama musical pieza cortometraje documental historieta cómic manga anime
            revista periódico diario western epopeya ensayo tratado videojuego franquicia saga
            trilogía telecomedia
            """
    ),
    names=any_pattern(
        """
            ciudad(?:es)? capital municipio localidad pueblo villa país estado provincia región
            departamento isla islas archipiélago río lago montaña empresa compañía marca fabricante
            sistema lenguaje programa software red sitio banda grupo club equipo planeta satélite
            asteroide estrella galaxia constelación continente república reino emirato distrito
            barrio aeropuerto universidad organización asociación corporación multinacional
            emplazamiento yacimiento palacio templo dinastía volcán cordillera territorio
            """
    ),
    kinds=any_pattern(
        """
            color colores idioma lengua deporte arte género baile danza bebida plato comida
            sustancia elemento metal enfermedad ciencia disciplina técnica práctica proceso unidad
            religión doctrina corriente instrumento
            """
    ),
    taxa=any_pattern(
        "género especie subespecie familia subfamilia orden suborden clase filo taxón"
    ),
    generic=any_pattern(
        r"""
            (?:ríos?|montes?|lago|mar|islas?|palacio|castillo|catedral|monasterio|iglesia|templo
            |universidad|historia|literatura|música|teoría|guerras?|batalla|imperio|reino
            |república|pueblos?|programa|parque|museo|puente|idioma|lenguas?|dinastía|tratado
            |revolución|economía|cultura|arte|academia|teatro|torre|desierto|golfo|estrecho
            |península|cordillera|bahía|canal|provincia|cueva|bosque|plaza|biblioteca|escuela
            |instituto|orden|ley|principio|teorema|conjetura|ecuación|función|número|sistema
            |movimiento|estilo|arquitectura|pintura|filosofía|religión|conquista|invasión
            |terremoto|erupción|crisis|tradición|aeropuerto)\b
            """
    ),
    abstract=re.compile(
        r"\w(?:ismo|ción|sión|dad|tad|logía|grafía|anza|miento|aje|tura|itis|osis|metría|nomía)\b"
    ),
    joins=re.compile(r"(?:^|[\s,])(?:o|u|y|e|también)\s"),
    born=re.compile(
        r"\((?:[^()]{0,80}[,;] )?(?:n\. |nacid[oa] |\*)|\b(?:nació|nacid[oa]) (?:en|el|hacia"
        r"|alrededor|circa|como)\b"
        rf"|\((?:[^()]{{0,80}}[,;] )?\d{{1,2}}(?:\.º)? de (?:{_MONTH}) de \d{{3,4}}\s?[-–]"
        rf"|\([^()]{{2,80}}, \d{{1,2}} de (?:{_MONTH}) de \d{{3,4}}",
        re.IGNORECASE,
    ),
    person_categories=re.compile(
        r"^(?:Nacidos en|Fallecidos en|Hombres|Mujeres|Personas vivas|Personajes|Dioses|Diosas)\b",
    ),
    skipped_titles=re.compile(
        rf"(?:Anexo:|Lista(?:do)? de |Cronología de |Categoría:)|.*\(desambiguación\)$"
        rf"|\d{{1,2}} de (?:{_MONTH})$|(?:{_MONTH})(?: de \d+)?$|Años? \d+|Siglo [IVXLC]+"
        rf"|\d+ a\. ?C\.$"
        r"|\d+ en ",
        re.IGNORECASE,
    ),
    refers=re.compile(
        r"[^.:]{0,250}?\b(?:pued[ea]n? (?:también )?(?:hacer? referencia|referirse|designar"
        r"|aludir|significar|estar vinculad)|se puede(?:n)? referir)\b[^.:]{0,120}?(?::|$)"
        r"|[^.:]{0,160}\bhacen? referencia\b[^.:]{0,60}(?::|\b(?:varios|siguientes)\b)"
        r"|[^.:]{0,120}\b(?:varios|siguientes|distintos) (?:artículos|conceptos|significados)\b"
        r"|.{0,200}\bPuede (?:hacer referencia|referirse) a\b[^.:]{0,60}:$"
    ),
    skipped_leads=re.compile(
        r"(?:Esta es una (?:lista|tabla)|A continuación|Lista de |Est[ea] (?:artículo|anexo|lista"
        r"|página)\b|El siguiente|La siguiente (?:lista|tabla)|Las siguientes)",
    ),
    reading=READING,
)
MAKER = maker_of(GRAMMAR)

# --- how people ask, and what the program says ---

_NAME = (
    r"([A-ZÁÉÍÓÚÑÀ-ÖØ-Þ0-9][\w.'’&/+-]*(?: (?:(?:de|del|la|las|los|el|y|von"
    r"|van) )*[A-ZÁÉÍÓÚÑÀ-ÖØ-Þ0-9][\w.'’&/+-]*){0,6})"
)

# Other phrasings of a definition's question; {3} is the subject.
_WHO = ("quién es {1}", "¿Quién fue {1}?", "dime quién es {1}", "¿Sabes quién es {1}?")
_WHO_MANY = ("quiénes son {1}", "¿Quiénes fueron {1}?", "dime quiénes son {1}")
_WHAT = (
    *("qué es {1}", "¿Qué era {1}?", "dime qué es {1}", "explícame qué es {1}"),
    "¿Me puedes decir qué es {1}?",
)
_WHAT_MANY = ("qué son {1}", "dime qué son {1}", "explícame qué son {1}")

LANGUAGE = Language(
    code="es",
    name="español",
    categories="Categoría",
    articles=("el", "la", "los", "las", "un", "una", "unos", "unas", "lo"),
    definite=("el", "la", "los", "las", "este", "esta"),
    fillers=word_list(
        """
            el la los las un una unos unas lo al del de en por para con sobre acerca y a que quien
            quienes cual cuales como es son fue fueron era eran ser sera esta estan este esto eso
            esa ese hay me te se le nos mi tu su yo tu usted favor porfa gracias hola oye buenas
            dime diga digame decir cuentame cuenta explica explicame explicar define definir
            describe describir sabes sabe saber conoces conoce conocer puedes puede podrias podria
            quiero quisiera gustaria necesito informacion info algo todo mas poco resumen definicion
            significado significa quiere llama llamado llamada dar dame hablame habla ensename
            muestra muestrame entonces pues bueno ok vale ya tambien cosa cosas persona palabra
            termino exactamente realmente
            """
    ),
    openers=word_list(
        "que quien quienes cual cuales cuando donde como por define explica sobre de"
    ),
    addressing=word_list(
        "yo me mi tu usted te hola oye buenas pregunta perdon por favor gracias ok"
    ),
    yes_no=word_list("es son fue fueron era eran esta estan tiene tienen puede puedes hay"),
    pronouns=word_list("el ella ellos ellas esto eso esa ese su sus lo le les"),
    expletives=(),
    joins=word_list("y e o u con de a que versus vs"),
    comparisons=word_list("diferencia diferencias comparar compara comparacion entre distintos"),
    by=word_list("de por"),
    persons=word_list("quien quienes"),
    chatter=(
        r" (?:para|como) (?:ninos|principiantes|tontos|un nino)$",
        r" en (?:pocas|otras|tus propias) palabras$",
        r"^(?:sabes|sabe usted|me puedes decir|puedes decirme|podrias decirme) (?:algo )?(?:sobre"
        r"|de )?",
    ),
    continues=r"^(?:y|o|pero) (?:el|la|los|las|de|del|que|quien|en|para|sobre)\b|^y\b"
    r"|^que (?:hay|tal) (?:de|con)\b",
    other_one=r"^(?:(?:no|y|quiero decir|me refiero a) )*(?:el|la) otr[oa]$",
    more=r"^(?:(?:y|ok) )*(?:(?:dime|cuentame|hablame|di|cuenta) )?(?:algo |un poco )?mas"
    r"(?: (?:sobre|de|acerca|el|ella|ello|eso|esto))*$"
    r"|^(?:sigue|continua|eso es todo|es todo)$"
    r"|^(?:y )?que mas(?: (?:sabes|hay|puedes|decir|sobre|de|el|ella|ello|eso))*$",
    small_talk=(
        (
            "hello",
            r"^(?:hola|buenas|buenos dias|buenas (?:tardes|noches)|saludos|que hubo)(?: .{0,12})?$",
        ),
        ("how are you", r"^(?:hola )?(?:que tal|como (?:estas|esta|te va|va|andas))(?: .{0,8})?$"),
        ("thanks", r"^(?:muchas |mil )?gracias(?: .{0,20})?$"),
        (
            "who are you",
            r"^(?:quien|que) eres(?: tu)?$|^como te llamas$|^cual es tu nombre$|^eres (?:un"
            r"|una) .*$"
            r"|^quien te (?:hizo|creo|programo)$|^como funcionas$",
        ),
        (
            "what have you read",
            r"^que (?:has leido|sabes|leiste)$|^de que (?:sabes|puedes hablar)$",
        ),
        (
            "help",
            r"^(?:ayuda|ayudame|socorro|que (?:puedes|sabes) hacer|como (?:funciona"
            r"|se usa))(?: .*)?$",
        ),
        ("bye", r"^(?:adios|hasta (?:luego|pronto|manana)|chao|chau|nos vemos)$"),
        (
            "ok",
            r"^(?:ok|vale|bien|bueno|genial|si|no|claro|perfecto|entiendo|ya|guau|jaja"
            r"|de acuerdo)$",
        ),
        (
            "cannot",
            r"^(?:cuentame|dime|canta|escribe|haz|dibuja)(?:me)? (?:un|una|otro|otra) (?:chiste"
            r"|historia"
            r"|cancion|cuento|poema|adivinanza|carta)$|^que (?:hora|dia|fecha) es(?: hoy)?$"
            r"|^te (?:quiero|amo)$",
        ),
    ),
    endings=(("", "s"), ("", "es"), ("z", "ces")),
    kinds=(
        ("pelicula", "film", "filme"),
        ("serie", "programa", "television"),
        ("cancion", "tema", "sencillo"),
        ("banda", "grupo", "duo"),
        ("cantante", "musico", "artista"),
        ("libro", "novela", "obra"),
        ("empresa", "compania", "marca"),
        ("ciudad", "pueblo", "municipio", "localidad"),
        ("pais", "estado", "nacion", "provincia", "region"),
        ("rio", "lago", "montana", "isla"),
        ("animal", "planta", "especie", "ave", "pez"),
        ("planeta", "luna", "estrella"),
        ("idioma", "lengua"),
    ),
    name_lists=r"\b(?:(?:también|más|mejor|popularmente|anteriormente|comúnmente"
    r"|simplemente) )*(?:conocid|llamad"
    r"|denominad|apodad)[oa]s?(?: (?:también|artísticamente|simplemente|comúnmente))*(?: como"
    r"| por)?(?: el| la)? "
    r"|\b(?:alias|abreviad[oa] como|seudónimo(?: de)?) ",
    name_stops=r"[;.)(:]|, (?:es|fue|era|son|fueron|que|nacid[oa]) | (?:es|fue|era|son|fueron"
    r"|que) ",
    name_joins=r", (?:y |o )?| o | u | y | e |/",
    other_names=(rf"\((?:nacid[oa] (?:como )?){_NAME}",),
    copulas=("es", "son", "fue", "fueron", "era", "eran"),
    name_ends=word_list("sa ii iii iv inc ltd co company"),
    definitions=(
        (r"^¿Quién es (.+)\?$", _WHO),
        (r"^¿Quiénes son (.+)\?$", _WHO_MANY),
        (r"^¿Qué es (.+)\?$", _WHAT),
        (r"^¿Qué son (.+)\?$", _WHAT_MANY),
    ),
    singular=(),
    agreement={},
    wordings=(),
    says={
        "meant": "{title}",
        "take": "Supongo que se trata de {title}.",
        "several": "¿Cuál de estos: {titles}?",
        "or": "{some} o {last}",
        "and": "{some} y {last}",
        "not read": "No he leído sobre {about}.",
        "not read near": "No he leído sobre {about}. Lo más cercano que he leído: {titles}.",
        "no topic": "No sé de qué o de quién se trata: di el nombre.",
        "not that": "He leído sobre {title}, pero eso no. Lo que sé: {known}.",
        "not that, only who": "He leído sobre {title}, pero no eso: solo puedo decir quién es.",
        "not that, only": "He leído sobre {title}, pero eso no: solo puedo decir qué es.",
        "more": "No sé más sobre {title} que esto: {known}.",
        "no more": "Es todo lo que sé sobre {title}.",
        "no facts": "En español solo aprendo definiciones.",
        "source": "fuente, {check}: {title} ({url}, revisión {revid}, {licence})",
        "no source": "sin fuente: {check}",
        "word for word": "palabra por palabra como se leyó",
        "not word for word": "no palabra por palabra como se leyó",
        "cut": "la respuesta se cortó en el límite: lo fija --max-new-tokens",
        "kept back": "lo que la red recuerda no es palabra por palabra"
        " lo que leyó: sin respuesta (--strict)",
        "held out": "{title} se descargó, pero se apartó del entrenamiento para medir: no lo he"
        " leído.",
        "two": "Sobre ambos: {titles}.",
        "yes or no": "No puedo juzgarlo; esto es lo que he leído.",
        "guess": "Lo que sigue es una suposición:",
        "hello": "Hola. Pregúntame por algo que haya leído, como {titles}.",
        "how are you": "Soy un programa y estoy bien. ¿Qué quieres saber?",
        "thanks": "De nada.",
        "who are you": "Soy un pequeño modelo de lenguaje, entrenado desde cero con {count} páginas"
        " de {site}."
        " Respondo lo que he leído, y digo cuando no lo he leído.",
        "what have you read": "He leído {count} páginas, entre ellas {titles}.",
        "help": "Pregunta quién o qué es algo: «¿Quién es Ada Lovelace?».",
        "bye": "Adiós.",
        "ok": "Muy bien. ¿Qué quieres saber?",
        "cannot": "No puedo hacer eso: solo respondo sobre lo que he leído.",
        "guessed": "una suposición: esto no se leyó",
        "thousands": ".",
        "commands": "Pregunta quién o qué es algo.\n"
        "/read TÍTULO  descarga una página del wiki leído y la aprende\n"
        "/sources      dónde se leyó la última respuesta\n"
        "/run          qué red responde\n"
        "/help         esta ayuda\n"
        "/quit         el fin (también Ctrl-D); Ctrl-C detiene una respuesta",
        "no command": "{word} no es una orden: {commands}",
        "no command, but near": "{word} no es una orden: ¿quieres decir {near}?",
        "offer to read": "/read sin título descarga la página y la aprende.",
        "no last source": "la última respuesta no tiene fuente",
        "read what": "di qué página: /read Ada Lovelace",
        "fetching": "Descargando «{title}» de {site}…",
        "no page": "{site} no tiene un artículo «{title}» que diga qué es: pruebe su título"
        " completo.",
        "nothing new": "«{title}» ya está leído y no aporta nada nuevo.",
        "learning": "Aprendiendo «{title}»…",
        "learnt": "Aprendido: pregunta por ello.",
    },
)
