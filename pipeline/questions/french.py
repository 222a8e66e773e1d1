"""French: how a title is written in a sentence, who is asked by "qui", and what defines nothing."""

import re

from pipeline.clean.rules import ReadingRules
from pipeline.clean.sentences import Abbreviations
from pipeline.questions.definitions import maker_of
from pipeline.questions.grammar import Determiner, Grammar, any_pattern, word_set
from pipeline.questions.language import Language, word_list

_MONTH = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
# Words in h- and y- before which nothing is elided, and others that begin with a vowel.
_NO_ELISION = re.compile(
    r"h(?:a(?:ch|dd|ïku|ie|ine|ïr|isse|lage|lète|ll|lt|mac|mb|meau|mp|mst|nch|nd|ng|nn|nt"
    r"|pp|ras|rc|rd|reng|ric|rn|rp|ss|sard|se|te|ub|ut|vr|wk)|e(?:aume|nn|rn|rse|urt)|é(?:ler|ron"
    r"|ros\b|risson)|i(?:ckory|c-han|éra|ppie|p-|t\b|ss)|ob|oche|ockey|old|oll|omard|ong|onte|oquet"
    r"|ors|ot|oublon|oue|ouille|oul|ousse|ub|uche|uée|uit|une?s?\b|urle|ussard|utte|yène)"
    r"|y[aeiou]|onz|oui|ouistiti|uhlan|ululement|\d",
    re.IGNORECASE,
)
_VOWEL = re.compile(r"[«\"“‘\s]*[aeiouyhàâäéèêëîïôöùûüœæáíóúāīōū]", re.IGNORECASE)


def _elides(text: str) -> bool:
    """Whether "le" and "que" lose their vowel before this text."""
    return bool(_VOWEL.match(text)) and not _NO_ELISION.match(text.lstrip('«"“‘ \u00a0'))


def _join(article: str, noun: str) -> str:
    if article.endswith("'"):
        return f"{article}{noun}"
    if article in ("le", "la") and _elides(noun):
        return f"l'{noun}"
    return f"{article} {noun}"


def _finish(question: str) -> str:
    """ "Qu'est-ce que un vélo ?" → "Qu'est-ce qu'un vélo ?" """
    start = "Qu'est-ce que "
    asked = question.removeprefix(start)
    if asked != question and _elides(asked):
        return f"Qu'est-ce qu'{asked}"
    return question


_MASCULINE = Determiner(gender="m")
_FEMININE = Determiner(gender="f")

READING = ReadingRules(
    and_word="et",
    abbreviations=Abbreviations(
        never_last=word_set(
            "m mm mme mmes mlle dr pr st ste sts mgr me col gén cap lt cdt av env ca c cf fig p pp"
            " vol chap art éd ed dir coll trad n no nº vs lat gr fl hab j"
        ),
        sometimes_last=word_set(
            "etc j.-c inc ltd co corp jr sr s.a sa s.a.s u.s km m cm h min v b d r k op bd p.m a.m"
        ),
        starters=word_set(
            "le la les l un une des il elle ils elles ce cet cette ces c son sa ses leur leurs on"
            " en dans à au aux de du par pour avec sans selon depuis pendant durant après avant"
            " entre sous sur vers chez lors lorsque quand si mais et ou donc car ainsi aussi alors"
            " cependant toutefois néanmoins puis ensuite enfin actuellement aujourd bien comme"
            " plusieurs certains certaines tous toutes chaque autre autres né née située situé"
            " parmi outre grâce malgré souvent parfois d n s y"
        ),
    ),
    closing_headings=re.compile(
        r"voir aussi|notes(?: et références)?|références|bibliographie|liens? externes?|annexes?"
        r"|articles? connexes?|sources|galerie|notes|pour approfondir"
    ),
    page_types=(
        (re.compile(r"^(?:Page d')?Homonymie\b", re.MULTILINE | re.IGNORECASE), "disambiguation"),
        (re.compile(r"^Liste\b", re.MULTILINE), "list"),
        (re.compile(r"^Patronyme\b", re.MULTILINE), "surname"),
        (re.compile(r"^Prénom\b", re.MULTILINE), "given name"),
    ),
    hatnote=re.compile(
        r"(?:Cet article (?:est une ébauche|concerne|traite|porte|présente|ne cite|doit|peut"
        r"|n['’]est"
        r"|contient|possède|a besoin|manque|adopte|ou cette section|évoque)|Cette page (?:concerne"
        r"|traite|est)|Améliorez|Pour (?:les articles homonymes|un article plus général"
        r"|l['’]article"
        r"|le|la|les|un|une|d['’]autres)\b[^.]{0,200}\b(?:voir|voyez|consultez)\b|Ne (?:doit|pas"
        r"|doivent)\b[^.]{0,40}\bconfond|À ne pas confondre|[^.]{1,80}\bredirige(?:nt)? ici"
        r"|Vous lisez un|Si ce bandeau|Cette section)"
    ),
    boxes=re.compile(
        r"\b(?:bandeau-(?:container|article|section|simple|cell)|infobox_v\d|homonymie|loupe"
        r"|infobox--\w+)\b"
    ),
    editorial_note=re.compile(
        r"\s?\[\s*(?:réf(?:érence|\.)?|source|citation|précision|interprétation|passage|pas clair"
        r"|évasif|non neutre|pertinence|style|quoi|qui|quand|combien|où|lequel|laquelle|par qui"
        r"|selon qui|pourquoi|comment)(?: [^\[\]]{0,40})?\s*\??\s*\]",
        re.IGNORECASE,
    ),
    foreign_label=re.compile(
        r"(?:en|du) (?:(?:langue|vieil|ancien|vieux) )?(?:anglais|français|allemand|italien"
        r"|espagnol"
        r"|portugais|russe|grec(?: ancien)?|latin|arabe|hébreu|chinois|japonais|coréen|catalan"
        r"|basque"
        r"|breton|occitan|alsacien|néerlandais|suédois|danois|norvégien|finnois|polonais|tchèque"
        r"|slovaque|hongrois|roumain|turc|persan|sanskrit|hindi|ukrainien|serbe|croate|bulgare"
        r"|[a-zé]+ais|[a-zé]+ois)\b|(?:prononcée?|prononciation|API\b|romanisation|romanisé"
        r"|translittération|translittéré|pinyin|écouter\b)"
    ),
    space_before=";:!?»",
    space_after="«",
)

GRAMMAR = Grammar(
    who="Qui est {x} ?",
    who_plural="Qui sont {x} ?",
    what="Qu'est-ce que {x} ?",
    what_plural="Que sont {x} ?",
    determiners={
        "le": _MASCULINE,
        "la": _FEMININE,
        "l'": Determiner(),
        "les": Determiner(plural=True),
        "un": Determiner(gender="m", definite=False),
        "une": Determiner(gender="f", definite=False),
        "du": Determiner(gender="m", article=False, stands_for="le"),
        "au": Determiner(gender="m", article=False),
        "ce": Determiner(gender="m", article=False),
        "cet": Determiner(gender="m", article=False),
        "cette": Determiner(gender="f", article=False),
        "des": Determiner(plural=True, article=False),
    },
    definite={"m": "le", "f": "la", "": "le"},
    definite_plural={"m": "les", "f": "les", "": "les"},
    indefinite={"m": "un", "f": "une", "": "un"},
    genders=(
        (
            re.compile(
                r"(?:[sct]ion|xion|té|tié|ure|ence|ance|ie|ette|elle|esse|euse|trice|ade|ude"
                r"|aille|eille|euille|ée|ise|ine|ose|ite|ille|onne|enne|ienne|ace|erre|ère|ête|ôte"
                r"|graphie|logie|îne|aine|eine|ole|ule|ouche|oute|eur)s?$"
            ),
            "f",
        ),
        (
            re.compile(r"(?:isme|age|ment|oir|teur|seur|eau|ier|al|el|on|in|is|us|um|ème|ome)s?$"),
            "m",
        ),
        (re.compile(r"$"), "m"),
    ),
    head_noun=lambda title: re.match(r"\w*", title)[0],  # type: ignore[index]
    endings=re.compile(r"(?:aux|al|es|e|s|x)$"),
    plural_title=re.compile(r"\w+[^\Ws]s(?: .*)?"),
    singular_verbs=word_set(
        "est fut était sera désigne définit constitue fait indique nomme consiste signifie décrit"
        " comprend regroupe représente forme revient correspond concerne étudie caractérise"
        " rassemble évoque appartient vise permet"
    ),
    plural_verbs=word_set(
        "sont furent étaient seront désignent définissent constituent font indiquent nomment"
        " consistent signifient décrivent comprennent regroupent représentent forment"
        " correspondent concernent rassemblent appartiennent"
    ),
    subordinate=word_set("qui que dont où quand s se n ne lorsque lorsqu"),
    terms=re.compile(
        r"(?:\b(?:terme|mot|concept|expression|locution|notion|vocable|appellation|syntagme)s?"
        r"(?: générique| anglais| de| d')?"
        r"|\b(?:appelle|nomme|entend par|définit)) ?[«\"“]?\s*$",
        re.IGNORECASE,
    ),
    before_noun=word_set(
        "le la l les un une des d de du grand grande premier première premiers second seconde"
        " deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième"
        " onzième douzième treizième quatorzième quinzième seizième vingtième dernier dernière"
        " plus très principal principale principaux important importante influent célèbre fameux"
        " illustre ancien ancienne jeune vieux petit petite seul seule unique éminent éminente"
        " légendaire prolifique grands grandes meilleur meilleure meilleurs meilleures deux trois"
        " quatre sept à la fois aussi également peut être probablement d abord ainsi un"
        " importants importantes anciens anciennes nombreux nombreuses célèbres"
        " considéré considérée comme connu connue pseudonyme surnom simple véritable talentueux"
        " riche puissant puissante brillant brillante remarquable éphémère futur future et ou"
        " selon sans doute après avant tout dit dite même autre"
    ),
    noun_end=re.compile(
        r"[,.;:()]| (?:qui|que|dont|en|par|avec|à|au|aux|né|née|mort|morte|pour|dans|sur|ayant|où"
        r"|entre|depuis)\b| (?:de|du|des)\b| d['’]"
    ),
    callings=any_pattern(
        r"""
            \w+[dtsn]eurs? \w+(?:trice|euse|iste|logue|graphe|sophe|crate|iatre|mathe)s?
            \w+(?:cien|cienne|rien|rienne|dien|dienne|gien|gienne|sien|sienne|gien)s?
            (?:secrét|fonctionn|révolutionn|missionn|comm?iss|mouss)aire écrivaine? po[èe]te
            poétesse
            """
    ),
    strong_callings=any_pattern(
        r"""
            homme femme écrivaine? poètes? poétesse romanci(?:er|ère) dramaturge philosophe
            philologue compositeurs? compositrice peintre sculpteur sculptrice graveur architecte
            acteurs? actrice chanteu(?:r|se) musicien(?:ne)? réalisat(?:eur|rice) cinéaste
            mathématicien mathématicienne physicien(?:ne)? chimiste biologiste astronome médecin
            chirurgien ingénieure? inventeur inventrice explorateur navigateur militaire général
            maréchal amiral officier soldat chef cheffe roi reine empereur impératrice prince
            princesse duc duchesse comte comtesse marquis marquise baron archiduc tsar tsarine
            sultan calife pharaon chah shah râja khan khagan doge régent régente souverain
            souveraine monarque dynaste tyran dictateur président présidente ministre chancelier
            politicien diplomate avocat juriste juge économiste historien(?:ne)? géographe géologue
            naturaliste botaniste zoologiste ethnologue anthropologue sociologue psychologue
            psychiatre psychanalyste linguiste théologien moine moniale nonne évêque archevêque
            cardinal pape prêtre prêtresse saint sainte martyr apôtre prophète rabbin imam gourou
            guru mystique réformateur érudit lettré savant polymathe penseur intellectuel
            professeure? enseignante? journaliste éditorialiste critique essayiste scénariste
            parolier danseu(?:r|se) chorégraphe pianiste violoniste guitariste footballeu(?:r|se)
            joueu(?:r|se) athlète nageu(?:r|se) boxeur cycliste pilote gymnaste patineu(?:r|se)
            tennisman golfeur sportif sportive alpiniste astronaute cosmonaute spationaute aviateur
            aviatrice entrepreneur industriel magnat homme financier banquier marchand aventurier
            aventurière pirate corsaire conquistador conquérant guerrier guerrière chevalier noble
            aristocrate courtisane maîtresse fils fille frère sœur épouse époux mère père fondateur
            fondatrice militante? activiste féministe révolutionnaire résistante? dirigeante? leader
            personnalité personnage figure héros héroïne super-héros superhéros dieux? déesses?
            divinités? déités? demi-dieu titan titanide nymphe muse ange archange démon géant géante
            créature roi-prêtre disciple patriarche comédien(?:ne)? humoriste artiste
            créat(?:eur|rice) styliste couturi(?:er|ère) modiste photographe illustrateur
            dessinateur auteure? autrice interprète auteur-compositeur auteur-compositeur-interprète
            humaniste samouraï shogun vizir émir bandit criminel tueur espionne? esclave gladiateur
            mannequin animat(?:eur|rice) secrétaire fonctionnaire héritier héritière mécène
            cuisinier pédagogue informaticien(?:ne)? logicien statisticien astrophysicien
            cosmographe cartographe rhéteur sophiste orateur légiste gouverneur vice-roi sénateur
            maîtres? brâhmane rishi eunuque contrebandier rebelle juif inca nom\sde\splume
            """
    ),
    calling_adjectives=any_pattern(
        r"""
            militaire général noble saint sainte mystique critique lettré officier dieu artiste
            révolutionnaire féministe botaniste sportif sportive guerrier guerrière industriel
            prince financier philosophe savant réformateur martyr figure créature musicien divinité
            souverain souveraine maîtresse réformateur
            """
    ),
    not_callings=any_pattern(
        r"""
            \w*moteurs? ordinateurs? secteurs? processeurs? serveurs? facteurs? vecteurs? capteurs?
            réacteurs? tracteurs? ascenseurs? transistors? navigateur\sweb logiciel constructeur
            fournisseur opérateur distributeur éditeur producteur\sde fabricant liste piste
            \w*hauteur longueur largeur valeur couleur douleur chaleur liqueur odeur fleur sœur
            catalogue dialogue prologue paragraphe territoire\w* sanctuaire dictionnaire affaire
            horaire itinéraire commissaire\sde anniversaire aire aquaire mémoire histoire victoire
            maire\w? calendrier bruiteur vapeur équateur projecteur téléviseur bombardier chasseur
            destroyer croiseur cuirassé voilier porte-avions vaccinateur tumeur humeur peur rumeur
            capitaine gardien\w? satellite système élément
            """
    ),
    plural_callings=any_pattern(r"\b[Ff]rères\b \b[Ss]œurs\b \b[Bb]rothers\b"),
    groups=re.compile(
        r"\b(?:duo|trio|quatuor|troupe|frères|sœurs|comédiens|musiciens|humoristes)\b"
    ),
    works=any_pattern(
        """
            film roman nouvelle conte livre ouvrage œuvre poème opéra opérette ballet chanson album
            single symphonie série feuilleton tableau peinture fresque sculpture comédie tragédie
            drame pièce court-métrage documentaire manga anime revue magazine journal quotidien
            hebdomadaire western épopée essai traité recueil saga trilogie téléfilm sitcom
            """
    ),
    names=any_pattern(
        """
            ville villes capitale municipalité commune localité village pays état État province
            région département île îles archipel rivière lac montagne entreprise société compagnie
            marque fabricant constructeur éditeur système langage logiciel site groupe club équipe
            planète satellite astéroïde étoile galaxie constellation continent république royaume
            émirat district quartier aéroport université organisation association multinationale
            palais temple dynastie volcan territoire métropole préfecture gamme chaîne agglomération
            cité chef-lieu port station
            """
    ),
    kinds=any_pattern(
        r"""
            couleur langue sport art genre danse boisson plat mets substance élément métal maladie
            science discipline technique pratique processus unité religion doctrine courant
            instrument nom\svernaculaire nom\scommun
            """
    ),
    taxa=any_pattern(
        """
            genre espèce sous-espèce famille sous-famille ordre sous-ordre infra-ordre classe
            embranchement infra-embranchement taxon règne domaine clade tribu groupe
            """
    ),
    generic=any_pattern(
        r"""
            (?:fleuve|rivière|monts?|lac|mer|îles?|palais|château|cathédrale|monastère|abbaye
            |église|temple|université|histoire|littérature|musique|théorie|guerres?|bataille
            |empire|royaume|république|peuple|programme|parc|musée|pont|langues?|dynastie|traité
            |révolution|économie|culture|art|académie|théâtre|tour|désert|golfe|détroit|péninsule
            |chaîne|baie|canal|grotte|forêt|place|bibliothèque|école|institut|ordre|loi|principe
            |théorème|conjecture|équations?|fonction|nombre|système|mouvement|style|architecture
            |peinture|philosophie|religion|conquête|invasion|séisme|éruption|crise|réaction
            |modulation|aéroport|géographie|méthode|droit|maladie|syndrome|état|formation|conseil
            |route|opération|affaire)\b
            """
    ),
    abstract=re.compile(
        r"\w(?:isme|tion|sion|ité|logie|graphie|ence|ance|age|ment|ture|ite|ose|métrie|nomie)\b"
    ),
    joins=re.compile(r"(?:^|[\s,])(?:ou|et|aussi|également)\s"),
    born=re.compile(
        r"\bnée? (?:[A-ZÉ][\w' -]{0,60}?)?(?:le|à|au|en|vers|entre|aux|dans|probablement|avant"
        r"|après|sous|autour|peut-être|un|\d)\b"
        r"|\b(?:mort|décédé)e? (?:supplicié |assassiné )?e?(?:le|à|en|vers|entre|au)\b"
        rf"|\((?:[^()]{{0,80}}[,;] )?\d{{1,2}}(?:er)? (?:{_MONTH}) \d{{3,4}}\s?[-–]"
    ),
    person_categories=re.compile(
        r"^(?:Naissance|Décès|Mort|Personnage|Personnalité|Divinité|Dieu|Déesse|Footballeur)\b"
    ),
    skipped_titles=re.compile(
        rf"(?:Listes? (?:de|des|du|d')|Chronologie (?:de|des|du|d')|Catégorie:|Tables? des )"
        rf"|.*\(homonymie\)$|(?:1er|\d{{1,2}}) (?:{_MONTH})$|(?:{_MONTH})(?: \d+)?$"
        r"|(?:[IVXLC]+e|Ier) siècle|\d+ (?:av\. J\.-C\.|en )|Années \d+",
        re.IGNORECASE,
    ),
    refers=re.compile(
        r"[^.:]{0,250}?\bpeu(?:ven)?t (?:aussi |également |se )?(?:faire référence|désigner"
        r"|référer|renvoyer|signifier)\b[^.:]{0,80}?(?:[\s\u00a0]*:|$)"
        r"|[^.:]{0,200}\b(?:nom|prénom|patronyme|toponyme)\b[^.:]{0,60}\bporté[es]*\b[^.:]{0,40}:"
        r"|.{0,250}\bPlusieurs (?:personnes|personnalités|lieux|articles)\b",
    ),
    skipped_leads=re.compile(
        r"(?:Cette page|Cet? article|Cette liste|Ceci est une liste|Voici |La liste suivante|"
        r"Le tableau suivant|Liste (?:de|des) )"
    ),
    reading=READING,
    join=_join,
    finish=_finish,
)
MAKER = maker_of(GRAMMAR)

# --- how people ask, and what the program says ---

_NAME = (
    r"([A-ZÀ-ÖØ-Þ0-9][\w.'’&/+-]*(?: (?:(?:de|du|des|la|le|les|et|von"
    r"|van) )*[A-ZÀ-ÖØ-Þ0-9][\w.'’&/+-]*){0,6})"
)

# Other phrasings of a definition's question; {3} is the subject.
_WHO = ("qui est {1}", "Qui était {1} ?", "dis-moi qui est {1}", "C'est qui, {1} ?")
_WHO_MANY = ("qui sont {1}", "Qui étaient {1} ?", "dis-moi qui sont {1}")
_WHAT = (
    *("qu'est-ce que {1}", "C'est quoi, {1} ?", "dis-moi ce qu'est {1}"),
    *("explique-moi ce qu'est {1}", "Que sais-tu sur {1} ?"),
)
_WHAT_MANY = ("que sont {1}", "C'est quoi, {1} ?", "dis-moi ce que sont {1}")

LANGUAGE = Language(
    code="fr",
    name="français",
    categories="Catégorie",
    articles=("le", "la", "les", "l", "un", "une", "des", "du"),
    definite=("le", "la", "les", "l", "ce", "cet", "cette"),
    fillers=word_list(
        """
            le la les l un une des du de d en au aux a sur par pour avec et ou que qu qui quoi quel
            quelle quels quelles quest cest ce quun quune est sont etait etaient fut furent etre
            cela ca se s il elle y moi me mon ma tu te toi vous votre je jai nous merci bonjour
            salut stp svp plait dis dites dire parle parlez parler explique expliquez expliquer
            definis definir definissez decris decrire sais savez savoir connais connaissez connaitre
            peux pouvez pourrais pourriez veux voudrais aimerais besoin information informations
            info infos quelque chose choses tout plus peu resume definition signification signifie
            veut appelle appele donne donnez montre alors bon bien ok donc mot terme exactement
            vraiment propos sujet
            """
    ),
    openers=word_list(
        "qui que quoi quest quel quelle quels quelles quand ou comment pourquoi definis"
        " explique sur"
    ),
    addressing=word_list("je jai me moi tu te vous bonjour salut question pardon merci stp svp ok"),
    yes_no=word_list("est sont etait etaient a ont peut peux y"),
    pronouns=word_list("il elle ils elles lui leur cela ca son sa ses celui celle"),
    expletives=(),
    joins=word_list("et ou avec de a que versus vs"),
    comparisons=word_list("difference differences comparer compare comparaison entre differents"),
    by=word_list("de par"),
    persons=word_list("qui"),
    chatter=(
        r" (?:pour|comme) (?:les enfants|les debutants|les nuls|un enfant)$",
        r" en (?:quelques|peu de|dautres) mots$",
        r"^(?:sais tu|savez vous|peux tu me dire|pouvez vous me dire) (?:quelque chose )?(?:sur )?",
    ),
    continues=r"^(?:et|ou|mais) (?:le|la|les|l|de|du|des|qui|pour|sur|en)\b|^et\b"
    r"|^quen est il (?:de|du)\b",
    other_one=r"^(?:(?:non|et|je veux dire|je parle de) )*l ?autre$",
    more=r"^(?:(?:et|ok) )*(?:(?:dis|dites|parle|parlez|raconte|racontez)(?: moi| men| en)* |en"
    r" savoir )?(?:un peu )?(?:plus|davantage)(?: (?:sur|de|a|propos|lui|elle|cela|ca))*$"
    r"|^(?:continue|continuez|encore|la suite|cest tout)$"
    r"|^(?:et )?quoi (?:dautre|de plus)(?: (?:sur|de|lui|elle|cela|ca))*$",
    small_talk=(
        ("hello", r"^(?:bonjour|salut|bonsoir|coucou|hello|allo)(?: .{0,12})?$"),
        (
            "how are you",
            r"^(?:bonjour |salut )?(?:ca va|comment (?:ca va|vas tu|allez vous"
            r"|tu vas))(?: .{0,8})?$",
        ),
        ("thanks", r"^(?:merci|grand merci|mille mercis)(?: .{0,20})?$"),
        (
            "who are you",
            r"^qui (?:es tu|etes vous|tes)$|^tu es qui$|^comment (?:tappelles tu|tu tappelles"
            r"|vous appelez vous)$"
            r"|^quel est (?:ton|votre) nom$|^es tu (?:un|une) .*$|^qui ta (?:fait|cree|programme)$",
        ),
        ("what have you read", r"^(?:quas tu lu|quavez vous lu|que sais tu|que savez vous)$"),
        (
            "help",
            r"^(?:aide|aide moi|aidez moi|que (?:peux tu|pouvez vous) faire"
            r"|comment ca marche)(?: .*)?$",
        ),
        ("bye", r"^(?:au revoir|adieu|a bientot|a plus|bonne (?:nuit|journee|soiree))$"),
        ("ok", r"^(?:ok|daccord|bien|bon|super|genial|oui|non|parfait|je vois|ah|oh|cool)$"),
        (
            "cannot",
            r"^(?:raconte|dis|chante|ecris|fais|dessine)(?: moi)? (?:un|une) (?:blague|histoire"
            r"|chanson|poeme"
            r"|conte|devinette|lettre)$|^quelle heure est il$|^quel (?:jour|temps) .*$"
            r"|^je t ?aime$",
        ),
    ),
    endings=(("", "s"), ("", "x"), ("al", "aux")),
    kinds=(
        ("film", "cinema"),
        ("serie", "emission", "television"),
        ("chanson", "titre", "single"),
        ("groupe", "duo", "orchestre"),
        ("chanteur", "chanteuse", "musicien", "artiste"),
        ("livre", "roman", "ouvrage"),
        ("entreprise", "societe", "compagnie", "marque"),
        ("ville", "village", "commune", "municipalite"),
        ("pays", "etat", "nation", "province", "region"),
        ("fleuve", "riviere", "lac", "montagne", "ile"),
        ("animal", "plante", "espece", "oiseau", "poisson"),
        ("planete", "lune", "etoile"),
        ("langue", "idiome"),
    ),
    name_lists=r"\b(?:(?:aussi|également|plus|mieux|souvent|parfois|anciennement|communément"
    r"|couramment) )*(?:appelée?s?"
    r"|nommée?s?|connue?s?|surnommée?s?|dite?s?|dénommée?s?|désignée?s?)(?: (?:aussi|également"
    r"|simplement|en français))*"
    r"(?: sous le nom (?:de |d['’])| comme)?(?: l[ea] )? ?|\b(?:alias|abrégée? en|ou encore) ",
    name_stops=r"[;.)(:]|, (?:est|sont|était|fut|furent|né|née|qui) | (?:est|sont|était|fut"
    r"|furent|qui) ",
    name_joins=r", (?:et |ou )?| ou | et |/",
    other_names=(rf"\bnée? {_NAME} (?:le|à|en|vers) ",),
    copulas=("est", "sont", "était", "étaient", "fut", "furent"),
    name_ends=word_list("sa ii iii iv inc ltd co company"),
    definitions=(
        (r"^Qui est (.+?)\s*\?$", _WHO),
        (r"^Qui sont (.+?)\s*\?$", _WHO_MANY),
        (r"^Que sont (.+?)\s*\?$", _WHAT_MANY),
        (r"^Qu'est-ce qu(?:e |')(.+?)\s*\?$", _WHAT),
    ),
    elisions=("l", "d", "qu"),
    singular=(),
    agreement={},
    wordings=(),
    says={
        "meant": "{title}",
        "take": "Je suppose qu'il s'agit de {title}.",
        "several": "Lequel de ceux-ci : {titles} ?",
        "or": "{some} ou {last}",
        "and": "{some} et {last}",
        "not read": "Je n'ai rien lu sur {about}.",
        "not read near": "Je n'ai rien lu sur {about}. Ce que j'ai lu de plus proche : {titles}.",
        "no topic": "Je ne sais pas de qui ou de quoi il s'agit : donnez le nom.",
        "not that": "J'ai lu sur {title}, mais pas cela. Ce que j'en sais : {known}.",
        "not that, only who": "J'ai lu sur {title}, mais pas cela : je peux seulement dire"
        " qui c'est.",
        "not that, only": "J'ai lu sur {title}, mais pas cela : je peux seulement dire ce que"
        " c'est.",
        "more": "Je n'en sais pas plus sur {title} que ceci : {known}.",
        "no more": "C'est tout ce que je sais sur {title}.",
        "no facts": "En français, je n'apprends que des définitions.",
        "source": "source, {check} : {title} ({url}, révision {revid}, {licence})",
        "no source": "sans source : {check}",
        "word for word": "mot pour mot comme lu",
        "not word for word": "pas mot pour mot comme lu",
        "cut": "la réponse a été coupée à la limite : --max-new-tokens la fixe",
        "kept back": "ce dont le réseau se souvient n'est pas mot pour mot"
        " ce qu'il a lu : pas de réponse (--strict)",
        "held out": "{title} a été téléchargé, mais gardé hors de l'entraînement pour mesurer :"
        " je ne l'ai pas lu.",
        "two": "Sur les deux : {titles}.",
        "yes or no": "Je ne peux pas en juger ; voici ce que j'ai lu.",
        "guess": "Ce qui suit est une supposition :",
        "hello": "Bonjour. Demandez-moi ce que j'ai lu, par exemple {titles}.",
        "how are you": "Je suis un programme et je vais bien. Que voulez-vous savoir ?",
        "thanks": "Je vous en prie.",
        "who are you": "Je suis un petit modèle de langue, entraîné à partir de zéro sur"
        " {count} pages de {site}. Je réponds ce que j'ai lu, et je dis quand je ne l'ai pas lu.",
        "what have you read": "J'ai lu {count} pages, dont {titles}.",
        "help": "Demandez qui ou ce qu'est quelque chose : « Qui est Ada Lovelace ? ».",
        "bye": "Au revoir.",
        "ok": "Très bien. Que voulez-vous savoir ?",
        "cannot": "Je ne peux pas faire cela : je réponds seulement sur ce que j'ai lu.",
        "guessed": "une supposition : cela n'a pas été lu",
        "thousands": " ",
        "commands": "Demandez qui ou ce qu'est quelque chose.\n"
        "/read TITRE  télécharger une page du wiki lu et l'apprendre\n"
        "/sources     où la dernière réponse a été lue\n"
        "/run         quel réseau répond\n"
        "/help        cette aide\n"
        "/quit        la fin (aussi Ctrl-D) ; Ctrl-C arrête une réponse",
        "no command": "{word} n'est pas une commande : {commands}",
        "no command, but near": "{word} n'est pas une commande : est-ce {near} ?",
        "offer to read": "/read sans titre télécharge la page et l'apprend.",
        "no last source": "la dernière réponse n'a pas de source",
        "read what": "dites quelle page : /read Ada Lovelace",
        "fetching": "Téléchargement de « {title} » depuis {site}…",
        "no page": "{site} n'a pas d'article « {title} » qui dise ce que c'est : essayez son titre"
        " complet.",
        "nothing new": "« {title} » est déjà lu, et n'apporte rien de nouveau.",
        "learning": "Apprentissage de « {title} »…",
        "learnt": "C'est appris : posez la question.",
    },
)
