"""English: how people ask, and what the program says."""

from pipeline.questions.english_a_or_an import CONSONANT_SOUND, VOWEL_SOUND
from pipeline.questions.english_wordings import WORDINGS
from pipeline.questions.language import Language, word_list

# Words that ask for nothing in particular. What is left of a question without them, without the
# name and without a fact's cue must be nothing: else the question is about something else.
_FILLERS = word_list(
    """
    a an the this that these those who whos whom whose what whats whatre which whore is are was were
    be been being am s re do does did done has have had of in on at to for from by with about as
    into and but so then um uh uhm er hmm oh ah well like just really actually basically exactly
    please pls plz kindly thanks thank sorry i im id ive me my mine we us our you u your youre ur
    can could would will shall should may might must want wanna need needs needed love know knows
    knew wondering wonder curious tell give show say explain describe define summarize summarise
    talk speak write look find search read see get let lets help understand teach remind explaining
    describing something anything everything some any all more little bit lot few facts fact things
    thing stuff info information summary overview description definition meaning means mean meant
    introduction intro details detail basics background short brief quick quickly long simple simply
    simplest terms again there here up out world earth heck hell happened happen happens going
    called named term word rundown primer gist recap breakdown lowdown outline bio they
    hi hello hey yo ok okay google alexa siri whta waht wat wats wut wht teh
    abt name full current currently now today ever also known still
    """
)
_OPENERS = word_list(
    """
    who whos whom what whats whatre which when where how why define explain describe about on
    regarding
    """
)
_ADDRESSING = word_list(
    """
    i im id ive me my we us you u your question thing ok okay hi hello hey morning afternoon evening
    google alexa siri sorry um uh so well please
    """
)

_KINDS = (
    ("film", "movie", "films", "movies", "motion", "picture"),
    ("tv", "television", "series", "show", "program", "programme", "sitcom", "drama", "anime"),
    ("song", "single", "track", "tune", "hit"),
    ("album", "record", "lp", "ep"),
    ("band", "group", "duo", "act"),
    ("singer", "musician", "rapper", "artist", "vocalist"),
    ("actor", "actress"),
    ("footballer", "football", "soccer", "player"),
    ("politician", "statesman", "president", "senator", "minister"),
    ("writer", "author", "novelist", "poet", "playwright"),
    ("painter", "artist", "sculptor"),
    ("scientist", "physicist", "chemist", "biologist", "mathematician"),
    ("book", "novel", "story"),
    ("comic", "comics", "cartoonist", "manga"),
    ("game", "videogame", "video", "games"),
    ("company", "firm", "business", "corporation", "brand"),
    ("city", "town", "village", "municipality", "commune"),
    ("country", "state", "nation", "province", "region"),
    ("river", "stream", "lake", "mountain", "island"),
    ("animal", "bird", "fish", "insect", "mammal", "plant", "tree", "flower", "species"),
    ("planet", "moon", "star", "asteroid"),
    ("element", "metal", "compound", "chemical"),
    ("ship", "boat", "aircraft", "plane", "car", "train"),
    ("newspaper", "magazine", "journal"),
    ("software", "programming", "language", "program", "app"),
    ("play", "musical", "opera"),
    ("war", "battle", "siege"),
    ("food", "dish", "drink"),
    *(("korean",), ("american",), ("british",), ("english",), ("french",), ("german",)),
    *(("indian",), ("japanese",), ("chinese",), ("italian",), ("spanish",), ("russian",)),
)

# A name in running text: some words, the first with a capital; "de", "of" and their like between.
_FIRST = r"[A-ZÀ-ÖØ-ÞĀ-Ž0-9][\w.'’&/+-]*"
_SMALL = r"(?:of|the|de|da|di|du|van|von|der|y|la|le|and) "
_NAME = rf"({_FIRST}(?: (?:{_SMALL})*{_FIRST}){{0,6}})"
_OFTEN = (
    r"(?:(?:also|formerly|previously|originally|sometimes|often|commonly|popularly|better|best"
    r"|usually|officially|occasionally|colloquially|informally|internationally|simply|widely"
    r"|generally|historically|professionally|once|now|later|alternatively|and) )*"
)
_AS = r"(?:known|referred to|romani[sz]ed|spelled|spelt|rendered|abbreviated|styli[sz]ed|marketed)"
_CALLED = r"(?:called|nicknamed|dubbed|code-?named|titled|spelled|abbreviated|styli[sz]ed|named)"

LANGUAGE = Language(
    code="en",
    name="English",
    categories="Category",
    articles=("a", "an", "the"),
    definite=("the", "this", "that"),
    fillers=_FILLERS,
    openers=_OPENERS,
    addressing=_ADDRESSING,
    yes_no=(
        *("is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "can", "could"),
        *("isnt", "arent", "wasnt", "werent", "doesnt", "dont", "didnt", "will"),
    ),
    pronouns=(
        *("he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their", "theirs"),
        *("there", "hes", "shes", "theyre"),
    ),
    expletives=("there",),
    joins=("and", "or", "vs", "versus", "with", "from", "to", "than"),
    comparisons=(
        *("difference", "differences", "compare", "comparison", "between", "different"),
        *("bigger", "larger", "smaller", "older", "younger", "better", "worse", "faster", "taller"),
        *("longer", "higher", "which", "more"),
    ),
    by=("by", "from"),
    persons=("who", "whos", "whom"),
    chatter=(
        r" (?:to me )?like im (?:five|5|a child|a kid|stupid|dumb|an idiot)$",
        r" (?:for|to) (?:dummies|beginners|kids|a child|a kid)$",
        r" in (?:simple|plain|layman|laymans|easy|a few|your own|other|one)"
        r" (?:terms|words|english|word|sentence)$",
        r" do you know(?: it| that)?$",
        r" what (?:is|was|are|were) (?:it|that|he|she|they)(?: about)?$",
        r"^(?:do|did) you (?:happen to )?know (?:anything |something )?(?:about )?",
        r"^(?:have you )?(?:ever )?(?:heard|read)(?: anything| something)? (?:of|about) ",
        r"^(?:who or|what or) ",
        r"^what (?:kind|sort|type|manner) of (?:an? )?(?:thing|person|place|creature|animal)s? ",
        r"^(?:any|got any|have you any|no) (?:idea|clue)s? ",
        r"^(?:and |so )?how about ",
        r"^(?:briefly|shortly|in (?:short|brief|a nutshell)) ",
        r"^(?:what )?in (?:a|one|two|three|a few|simple|plain|easy|your own|other)"
        r" (?:words?|sentences?|lines?|terms) ",
        r" in (?:short|brief|a nutshell)$",
        r"^(?:write|give|say)(?: me| us)? (?:a|one|two|three|some|a few)"
        r" (?:words?|sentences?|lines?|paragraphs?) (?:about|on|for) ",
        r"^sum up | summed up$",
        r"^(?:wiki|wikipedia)(?: (?:page|article|entry))?(?: (?:of|on|about|for))? ",
        r" (?:wiki|wikipedia|explained)$",
        r"^(?:someone|somebody|my [a-z]+|a [a-z]+|they) (?:mentioned|told (?:me|us) about"
        r"|talked about|spoke of|wrote about|asked about|said) ",
    ),
    continues=r"^(?:and|or|but)? ?(?:what|how)? ?(?:about|of|for|in|the same for|same for|same"
    r" of)\b"
    r"|^and\b",
    other_one=r"^(?:(?:no|i mean|i meant|not that one|tell me about|what about|and|who is|what"
    r" is) )*"
    r"the other(?: one| two)?$",
    more=r"^(?:(?:and|ok|okay|please|so|yes) )*(?:(?:can|could|would|will) you )?"
    r"(?:(?:tell|give|show|say)(?: me| us)? )?(?:some |a bit |a little |anything |something )?"
    r"(?:more|else)(?: (?:info|information|details|facts|please|things))*"
    r"(?: (?:about|on|of) (?:it|that|this|him|her|them))?(?: please)?$"
    r"|^(?:please )?(?:go on|continue|keep going|carry on|and then|elaborate|is that (?:all|it))"
    r"(?: please)?$"
    r"|^(?:and )?what (?:else|more)(?: (?:do|did|can|is|are|was|were|have|has|you|he|she|it|they"
    r"|know|tell|say|me|read|there|about|of|him|her|them|that|this))*$",
    name_words=(
        *("word", "world", "earth", "hell", "show", "talk", "search", "term", "stuff"),
        *("i", "little", "love", "long", "short", "may", "well"),
    ),
    small_talk=(
        (
            "hello",
            r"^(?:hi|hello|hey|yo|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))"
            r"(?: (?:there|you|all|everyone|askwiki|again|mate|friend|to you))*$",
        ),
        (
            "how are you",
            r"^(?:(?:hi|hello|hey) )?(?:how (?:are|r) (?:you|u)|hows it going|how is it going"
            r"|whats up"
            r"|how do you do|how have you been|you ok|are you ok(?:ay)?)(?: (?:doing|today|there"
            r"|feeling|now))*$",
        ),
        (
            "thanks",
            r"^(?:ok |okay |great |no )?(?:thanks|thank you|thank u|thx|ty|cheers|much appreciated)"
            r"(?: (?:so much|very much|a lot|you|for .*|anyway|again|mate|that was .*))*$",
        ),
        (
            "who are you",
            r"^(?:so )?(?:who|what) (?:are|r) (?:you|u)(?: exactly| really)?$|^(?:who|what) (?:made"
            r"|created|built|trained|wrote|programmed|developed|owns) (?:you|u)$|^are (?:you|u)"
            r" (?:a"
            r"|an|the)? ?(?:real|human|robot|bot|ai|person|machine|program|computer|chatbot|alive"
            r"|chatgpt|gpt|man|woman|sentient|conscious).*$|^(?:whats|what is) your name$"
            r"|^(?:tell me"
            r"|talk) about yourself$|^how do (?:you|u) work$|^where (?:are|do) you (?:from|live"
            r"|come from)$|^how old are you$|^your name$",
        ),
        (
            "what have you read",
            r"^what (?:have|did) (?:you|u) read$|^what (?:do|can) (?:you|u) (?:know|talk about)(?: "
            r"about)?$|^what (?:topics|subjects|pages|articles|things) (?:have|do|did|can) you .*$"
            r"|^what(?:s| is) in (?:your|the) (?:memory|data|training data)$|^what can i ask(?:"
            r" you)?"
            r"(?: about)?$",
        ),
        (
            "help",
            r"^(?:help|help me|i need help|what (?:can|do) you do|how does this work|what now"
            r"|can you help(?: me)?(?: with .*)?|could you help(?: me)?(?: with .*)?|instructions"
            r"|how do i use (?:this|you)|what should i ask)(?: please)?$",
        ),
        ("bye", r"^(?:bye|goodbye|good bye|good night|see you|see ya|cya|farewell)(?: .{0,20})?$"),
        (
            "ok",
            r"^(?:ok|okay|k|cool|nice|great|good|fine|sure|yes|no|yeah|yep|nope|wow|lol|haha|hmm"
            r"|alright|all right|i see|got it|right|interesting|awesome|perfect|never ?mind"
            r"|whatever"
            r"|oh|ah|really|good (?:job|bot|work)|well done)(?: (?:ok|cool|thanks|then|sure"
            r"|good))*$",
        ),
        (
            "cannot",
            r"^(?:tell|sing|write|make|draw|give|play|read)(?: me| us)? (?:a|an|another|some|me a)"
            r" (?:joke|jokes|story|song|poem|picture|riddle|funny .*|essay|email|letter)$|^(?:what"
            r"(?:s| is) the )?(?:what )?(?:time|date|day|weather)(?: is it| now| today| like| is"
            r" it now"
            r"| is it today)*$|^i (?:love|hate|like) you$|^(?:do|can|will) you (?:love|like|speak"
            r"|think|feel|dream|sleep|eat|have|translate|sing|write|draw|code|want)\b.*$|^(?:im|i"
            r" am) (?:bored|sad|happy|tired|hungry|angry|lonely|fine|good|ok)\b.*$",
        ),
    ),
    spellings=(
        *(("or", "our"), ("er", "re"), ("ize", "ise"), ("izing", "ising"), ("yze", "yse")),
        *(
            ("ization", "isation"),
            ("og", "ogue"),
            ("ense", "ence"),
            ("m", "mme"),
            ("eled", "elled"),
        ),
    ),
    endings=(("", "s"), ("", "es"), ("y", "ies"), ("f", "ves"), ("fe", "ves"), ("man", "men")),
    kinds=_KINDS,
    name_lists=(
        rf"\b{_OFTEN}{_AS}(?: [a-z]+){{0,2}}? (?:as|by|to)(?: the| an?)? "
        rf"|\b{_OFTEN}{_CALLED}(?: as| to| the)? (?!after|for|by|in\b|on\b)"
        r"|\((?:also|or),? |\bcommon names include |\b(?:stage name|pen name|pseudonym|alias|aka"
        r"|née|né)"
        r" |\b(?:abbreviation|acronym|nickname)(?: is| of)? "
    ),
    name_stops=r"[;.)(:]|, (?:is|was|are|were|an?|which|who|born|in) | (?:is|was|are|were|in|by"
    r"|for|to) ",
    name_joins=r", (?:and |or )?| and | or |/",
    other_names=(rf"\(born {_NAME}", rf"\bborn (?:as )?{_NAME} (?:in|on|to|at) "),
    copulas=("is", "are", "was", "were", "refers", "means"),
    turned_names=r"^(\w+) of (?:the )?(.+)$",
    name_ends=("jr", "sr", "ii", "iii", "iv", "inc", "ltd", "co", "corp", "corporation", "company"),
    definitions=(
        (
            r"What is (an? .+)\?",
            (
                "What exactly is {1}?",
                "Tell me what {1} is.",
                "What's {1}?",
                "Do you know what {1} is?",
            ),
        ),
        (
            r"What is (.+)\?",
            (
                "Tell me about {1}.",
                "What do you know about {1}?",
                "What's {1}?",
                "Do you know what {1} is?",
            ),
        ),
        (
            r"(Who) (is|was) (.+)\?",
            (
                "Tell me about {3}.",
                "What do you know about {3}?",
                "Who's {3}?",
                "Do you know who {3} {2}?",
            ),
        ),
        (
            r"(Who|What) (are|was|were) (.+)\?",
            ("Tell me about {3}.", "What do you know about {3}?"),
        ),
    ),
    # By the sound that the noun begins with: "a unicorn", "an heirloom".
    singular=(
        (CONSONANT_SOUND.pattern, "What is a {}?"),
        (VOWEL_SOUND.pattern, "What is an {}?"),
        (r"", "What is a {}?"),
    ),
    agreement={
        "is": "is|are|was|were",
        "was": "was|were",
        "be": "is|was",
        "does": "does|do|did",
        "has": "has|have|had",
        "are": "is|are|was|were",
        "were": "was|were",
        "then": "is|was",
        "n": "s|",
        "ny": "y|ies",
        "nes": "es|",
        "office": " as .+?|",
        "year": " in \\d{4}| from \\d{4} to \\d{4}|",
    },
    wordings=WORDINGS,
    says={
        "meant": "{title}",
        "take": "I take it you mean {named}.",
        "several": "Which do you mean: {titles}?",
        "or": "{some} or {last}",
        "and": "{some} and {last}",
        "not read": "I have not read about {about}.",
        "not read near": "I have not read about {about}. The nearest that I have read: {titles}.",
        "no topic": "I do not know whom or what you mean: name it.",
        "not that": "I have read about {named}, but not that. What I know: {known}.",
        "not that, only who": "I have read about {named}, but not that: I can only say who"
        " that is.",
        "not that, only": "I have read about {named}, but not that: I can only say what it is.",
        "more": "I know no more of {named} than this: {known}.",
        "no more": "That is all that I know of {named}.",
        "no facts": "To learn facts, give the command that fetched the pages again, with --kinds"
        " definition facts, and train.",
        "source": "source, {check}: {title} ({url}, revision {revid}, {licence})",
        "no source": "no source: {check}",
        "word for word": "word for word as read",
        "not word for word": "not word for word as read",
        "cut": "the answer was cut at the limit: --max-new-tokens sets it",
        "kept back": "what the network remembers is not word for word"
        " what it read: no answer (--strict)",
        "held out": "{title} was fetched, but kept out of training to measure by: I have not read"
        " it.",
        "two": "About both: {titles}.",
        "yes or no": "I cannot judge that; this is what I have read.",
        "guess": "What follows is a guess:",
        "hello": "Hello. Ask me about something that I have read, such as {titles}.",
        "how are you": "I am a program and well. What would you like to know?",
        "thanks": "You are welcome.",
        "who are you": "I am a small language model, trained from scratch on {count} pages of"
        " {site}. I answer what I have read, and say so where I have not.",
        "what have you read": "I have read {count} pages, among them {titles}.",
        "help": "Ask who or what something is, or a fact about it: “Who is Ada Lovelace?”, “when"
        " was"
        " she born”.",
        "bye": "Goodbye.",
        "ok": "All right. What would you like to know?",
        "cannot": "I cannot do that: I only answer about what I have read.",
        "guessed": "a guess: this was not read",
        "thousands": ",",
        "commands": "Ask who or what something is, or a fact about it; “when was she born” goes on"
        " about it.\n"
        "/read TITLE  fetch a page and learn it, from the wiki that the run has read\n"
        "/sources     where the last answer was read\n"
        "/run         which run answers\n"
        "/help        this\n"
        "/quit        the end (Ctrl-D as well); Ctrl-C stops an answer",
        "no command": "{word} is no command: {commands}",
        "no command, but near": "{word} is no command: did you mean {near}?",
        "offer to read": "/read it fetches the page and learns it.",
        "no last source": "the last answer has no source",
        "read what": "say which page: /read Ada Lovelace",
        "fetching": "Fetching “{title}” from {site}…",
        "no page": "{site} has no article “{title}” that says what it is: try its full title.",
        "nothing new": "“{title}” is read already, and brings nothing new.",
        "learning": "Learning “{title}”…",
        "learnt": "Learnt: ask about it.",
    },
)
