"""TeX as a reader would type it: E = mc², x₁ + x₂, (a + b)/2, ∫₀^∞ e^(−x²) dx."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[{}^_&~]|:=|\s+|[^\\{}^_&~\s]", re.DOTALL)
_RAISED = str.maketrans(
    "0123456789+-−=()niabcdefghjklmoprstuvwxyz*′°", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ*′°"
)
_LOWERED = str.maketrans("0123456789+-−=()aeijoruvxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₒᵣᵤᵥₓₕₖₗₘₙₚₛₜ")
_CAN_RISE = re.compile(r"[0-9+\-−=()ni*′]+|[a-pr-z]|°|[0-9]{2,3}m[0-9]?")
_ONE_WORD = re.compile(r".|[^\W\d_]{4,}")
_CAN_SINK = re.compile(
    r"[0-9+\-−=()]+|[aeijoruvxhklmnpst](?:[+−=-][0-9aeijoruvxhklmnpst])?|[0-9][+−-][nxk]"
)

_SYMBOLS = dict(
    pair.split("=", 1)
    for pair in str.split("""
        times=× cdot=· div=÷ pm=± mp=∓ leq=≤ le=≤ leqslant=≤ geq=≥ ge=≥
        geqslant=≥ neq=≠ ne=≠ approx=≈ equiv=≡ sim=∼ simeq=≃ cong=≅ propto=∝ ll=≪
        gg=≫ in=∈ notin=∉ ni=∋ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ cup=∪ cap=∩ bigcup=⋃ bigcap=⋂
        setminus=∖ emptyset=∅ varnothing=∅ to=→ rightarrow=→ longrightarrow=→ leftarrow=← gets=←
        Rightarrow=⇒ implies=⇒ Longrightarrow=⇒ Leftarrow=⇐ leftrightarrow=↔ Leftrightarrow=⇔ iff=⇔
        mapsto=↦ rightleftharpoons=⇌ uparrow=↑ downarrow=↓ hookrightarrow=↪ infty=∞ partial=∂
        nabla=∇ sum=∑ prod=∏ int=∫ oint=∮ iint=∬ forall=∀ exists=∃ neg=¬ lnot=¬ land=∧ wedge=∧ lor=∨
        vee=∨ bigwedge=⋀ bigvee=⋁ oplus=⊕ bigoplus=⨁ otimes=⊗ bigotimes=⨂ circ=∘ bullet=• star=⋆
        ast=∗ ldots=… dots=… cdots=⋯ dotsb=⋯ dotsc=… vdots=⋮ ddots=⋱ prime=′ hbar=ℏ ell=ℓ aleph=ℵ
        angle=∠ perp=⊥ parallel=∥ mid=| vert=| Vert=‖ lVert=‖ rVert=‖ lvert=| rvert=| langle=⟨
        rangle=⟩ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ lbrace={ rbrace=} {={ }=} lbrack=[ rbrack=]
        backslash=\\ %=% $=$ #=# &=& _=_ top=⊤ bot=⊥ vdash=⊢ models=⊨ vDash=⊨ therefore=∴ because=∵
        triangle=△ square=□ Box=□ blacksquare=■ degree=° dagger=† colon=: lt=< gt=> cdotp=· wp=℘
        triangleq=≜ doteq=≐ asymp=≍ prec=≺ succ=≻ preceq=⪯ succeq=⪰ unlhd=⊴ rtimes=⋊ ltimes=⋉ over=/
        atop=/ S=§ pounds=£ euro=€ checkmark=✓ imath=ı jmath=ȷ alpha=α beta=β gamma=γ delta=δ
        epsilon=ϵ varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ mu=μ nu=ν
        xi=ξ omicron=ο pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ varsigma=ς tau=τ upsilon=υ phi=ϕ varphi=φ
        chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ
        Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω""")
) | {
    "|": "‖",
    " ": " ",
    "\\": "; ",
    "deg": "deg",
    "Re": "Re",
    "Im": "Im",
    "eq": "=",
}
_RELATIONS = frozenset("=<>+−×÷±∓≤≥≠≈≡∼≃≅∝≪≫∈∉∋⊂⊆⊃⊇∪∩→←⇒⇐↔⇔↦⇌∧∨⊕⊗≜≐≍≺≻⪯⪰⊢⊨∖⋊⋉⊴") | {":="}
_BIG = frozenset("∑∏∫∮∬")
_ACCENTS = dict(
    pair.split("=")
    for pair in str.split("""hat=\u0302 widehat=\u0302 bar=\u0304 overline=\u0304 tilde=\u0303
        widetilde=\u0303 vec=\u20d7 dot=\u0307 ddot=\u0308 check=\u030c breve=\u0306
        acute=\u0301 grave=\u0300 overrightarrow=\u20d7""")
)
_DOUBLE_STRUCK = str.maketrans("CHNPQRZ", "ℂℍℕℙℚℝℤ")
_SPACING = frozenset(
    (",", ";", ":", "!", ">", " ", "\n", "quad", "qquad", "space", "thinspace", "enspace", "hfill")
)
_SILENT = frozenset(
    str.split(
        """
        left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm
        displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits rm bf it cal sf tt
        mathstrut strut nonumber scriptsize tiny small boldsymbol mathbf mathrm mathit mathcal
        mathsf mathtt mathfrak mathscr mathnormal operatorname operatorname* operatornamewithlimits
        mathop mathbin mathrel mathord mathopen mathclose mathpunct pmb bm underline underbrace
        overbrace boxed smash mathchoice em emph ce hline notag / -"""
    )
)
_WORDS = frozenset(
    (
        "text",
        "mbox",
        "hbox",
        "textrm",
        "textit",
        "textbf",
        "textsf",
        "texttt",
        "textup",
        "textnormal",
    )
)
_SKIPPED_ARGUMENT = frozenset(
    (
        "end",
        "color",
        "definecolor",
        "hspace",
        "vspace",
        "label",
        "tag",
        "phantom",
        "hphantom",
        "vphantom",
    )
)
_FRACTIONS = frozenset(("frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac"))
_BINOMIALS = frozenset(("binom", "tbinom", "dbinom"))
_LONGEST = 2_000  # characters of TeX: a longer formula is no part of a sentence
_DEEPEST = 40


def readable(tex: str) -> str:
    """A formula in TeX as text; "" for one too long for prose."""
    if len(tex) > _LONGEST:
        return ""
    # A descent over tokens, which each command takes its arguments from. No grammar is complete for
    # TeX: what is unknown is passed over or said by its name, and nothing raises.
    said = _sequence(iter(_TOKEN.findall(tex)), 0)
    said = re.sub(r"\s+", " ", re.sub(r"\[-?\d*\.?\d+(?:pt|em|ex|mm|cm)\]", "", said))
    return re.sub(r" ([,.;)\]}⟩])|([(\[{⟨√]) ", r"\1\2", said).strip()


def superscript(text: str) -> str:
    """Raised text: in Unicode's raised letters where all of it has them, else with ^."""
    text = text.strip()
    if _CAN_RISE.fullmatch(text):
        return text.translate(_RAISED)
    if text == "∘":
        return "°"
    return f"^{text}" if _ONE_WORD.fullmatch(text) else f"^({text})"


def subscript(text: str) -> str:
    """Lowered text: in Unicode's lowered letters where all of it has them, else with _."""
    text = text.strip()
    if _CAN_SINK.fullmatch(text):
        return text.translate(_LOWERED)
    return f"_{text}" if text.isalnum() else f"_({text})"


def _sequence(tokens: Iterator[str], depth: int) -> str:
    """The tokens up to the closing brace, or to the end."""
    out: list[str] = []
    for token in tokens:
        if token == "}":
            break
        if token.isspace():
            continue
        said = _one(token, tokens, depth, out)
        # Raised and lowered text follows its base without a space; after a word or a large sign a
        # space separates it from what follows.
        if token in ("^", "_") and out:
            name = out[-1].strip()
            is_word = name.isalpha() and len(name) > 1
            if out[-1].endswith(" ") or is_word or name in _BIG:
                said += " "
            out[-1] = out[-1].rstrip()
        elif said in _RELATIONS and token != "-":
            said = f" {said} "
        out.append(said)
    return "".join(out)


def _one(token: str, tokens: Iterator[str], depth: int, before: list[str]) -> str:
    """What one token says, with the arguments that it takes from those after it."""
    if depth > _DEEPEST:
        return ""
    if token == "{":
        return _sequence(tokens, depth + 1)
    if token == "^":
        return superscript(_argument(tokens, depth))
    if token == "_":
        return subscript(_argument(tokens, depth))
    if token == "-":
        # A sign or a difference: after a relation, at the beginning and after a bracket it is a
        # sign.
        last = before[-1].strip() if before else ""
        return "−" if last in _RELATIONS or last in ("", "(") else " − "
    if len(token) == 1:
        return {"&": " ", "~": " ", "'": "′"}.get(token, token)
    return _command(token[1:], tokens, depth) if token[0] == "\\" else token


def _argument(tokens: Iterator[str], depth: int) -> str:
    """What the next token or group says."""
    for token in tokens:
        if not token.isspace():
            return _one(token, tokens, depth + 1, []).strip()
    return ""


def _words(tokens: Iterator[str]) -> str:
    """The next group as it is, spaces and all."""
    out = list[str]()
    open_braces = 0
    for token in tokens:
        open_braces += (token == "{") - (token == "}")
        if token not in "{}":
            out.append(_symbol(token[1:]) if token[0] == "\\" else token)
        if open_braces <= 0 and not token.isspace():
            break
    return "".join(out)


def _command(name: str, tokens: Iterator[str], depth: int) -> str:
    if name in _WORDS:
        return _words(tokens)
    if name == "begin":
        if _words(tokens) == "array":
            _words(tokens)
        return ""
    if name in _SKIPPED_ARGUMENT:
        _words(tokens)
        return ""
    if name in _FRACTIONS:
        return f" {_grouped(_argument(tokens, depth))}/{_grouped(_argument(tokens, depth))} "
    if name in _BINOMIALS:
        return f"C({_argument(tokens, depth)}, {_argument(tokens, depth)})"
    if name == "sqrt":
        return f"√{_grouped(_argument(tokens, depth))}"
    if name in ("mathbb", "Bbb"):
        return _argument(tokens, depth).translate(_DOUBLE_STRUCK)
    if name in _ACCENTS:
        return "".join(
            letter + (_ACCENTS[name] if letter.isalnum() else "")
            for letter in _argument(tokens, depth)
        )
    if name == "not":
        return f" {_argument(tokens, depth)}\u0338 "
    if name == "pmod":
        return f" (mod {_argument(tokens, depth)})"
    return _symbol(name)


def _symbol(name: str) -> str:
    if name in _SPACING:
        return " "
    if name in _SILENT:
        return ""
    # A command that is not known is said by its name.
    return _SYMBOLS.get(name, f" {name} " if len(name) > 1 else name)


def _grouped(text: str) -> str:
    """In parentheses if it is more than one thing."""
    # One thing is a name or a number with its indices, what has parentheses already, or a root.
    is_one = len(text) <= 1 or re.fullmatch(r"[\w.′⁰-⁹₀-ₜ¹²³]*|\([^()]*\)|√\w", text)
    return text if is_one else f"({text})"
