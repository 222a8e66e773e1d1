"""TeX as a reader would type it: E = mc², x₁ + x₂, ∫₀^∞ e^(−x²) dx, √π/2."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[{}^_&~]|\s+|[^\\{}^_&~\s]", re.DOTALL)
_SUPER = str.maketrans("0123456789+-−=()niabcdefghjklmoprstuvwxyz*′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ*′")
_SUB = str.maketrans("0123456789+-−=()aeioruvxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢₒᵣᵤᵥₓₕₖₗₘₙₚₛₜ")
_SUPERABLE, _SUBABLE = re.compile(r"[0-9+\-−=()ni*′]+|[a-z]"), re.compile(r"[0-9+\-−=()]+|[aeioruvxhklmnpst]")


def superscript(text: str) -> str:
    """Raised text: in Unicode's raised letters where all of it has them, else with ^."""
    text = text.strip()
    if _SUPERABLE.fullmatch(text):
        return text.translate(_SUPER)
    return f"^{text}" if len(text) <= 1 else f"^({text})" if text else ""


def subscript(text: str) -> str:
    """Lowered text: in Unicode's lowered letters where all of it has them, else with _."""
    text = text.strip()
    if _SUBABLE.fullmatch(text):
        return text.translate(_SUB)
    return f"_{text}" if re.fullmatch(r"\w*", text) else f"_({text})"


_SYMBOLS = {
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠", "ne": "≠",
    "approx": "≈", "equiv": "≡", "sim": "∼", "simeq": "≃", "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫", "in": "∈", "notin": "∉", "ni": "∋",
    "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "cup": "∪", "cap": "∩", "setminus": "∖", "emptyset": "∅", "varnothing": "∅",
    "to": "→", "rightarrow": "→", "longrightarrow": "→", "leftarrow": "←", "Rightarrow": "⇒", "implies": "⇒", "Leftarrow": "⇐", "leftrightarrow": "↔",
    "Leftrightarrow": "⇔", "iff": "⇔", "mapsto": "↦", "rightleftharpoons": "⇌", "uparrow": "↑", "downarrow": "↓", "hookrightarrow": "↪",
    "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "iint": "∬", "sqrt": "√", "forall": "∀", "exists": "∃",
    "neg": "¬", "lnot": "¬", "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨", "oplus": "⊕", "otimes": "⊗", "circ": "∘", "bullet": "•", "star": "⋆", "ast": "∗",
    "ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "prime": "′", "hbar": "ℏ", "ell": "ℓ", "Re": "Re", "Im": "Im", "aleph": "ℵ",
    "angle": "∠", "perp": "⊥", "parallel": "∥", "mid": "|", "vert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "|": "‖",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrace": "{", "rbrace": "}", "{": "{", "}": "}", "lbrack": "[",
    "rbrack": "]", "backslash": "\\", "%": "%", "$": "$", "#": "#", "&": "&", "_": "_", "top": "⊤", "bot": "⊥", "vdash": "⊢", "models": "⊨", "therefore": "∴",
    "because": "∵", "triangle": "△", "square": "□", "deg": "deg", "degree": "°", "dagger": "†", "colon": ":", "lt": "<", "gt": ">", "cdotp": "·", "wp": "℘",
    "triangleq": "≜", "doteq": "≐", "asymp": "≍", "prec": "≺", "succ": "≻", "preceq": "⪯", "succeq": "⪰", "unlhd": "⊴", "rtimes": "⋊", "ltimes": "⋉",
} | dict(zip(
    str.split("""alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron pi varpi rho varrho sigma
    varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""),
    str.split("""α β γ δ ϵ ε ζ η θ ϑ ι κ λ μ ν ξ ο π ϖ ρ ϱ σ ς τ υ ϕ φ χ ψ ω Γ Δ Θ Λ Ξ Π Σ Υ Φ Ψ Ω"""), strict=True))
_RELATIONS = frozenset("=<>+−×÷±∓≤≥≠≈≡∼≃≅∝≪≫∈∉∋⊂⊆⊃⊇∪∩→←⇒⇐↔⇔↦⇌∧∨⊕⊗≜≐≍≺≻⪯⪰⊢⊨∖⋊⋉⊴")
_ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303", "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307",
            "ddot": "\u0308", "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "overrightarrow": "\u20d7"}
_DOUBLE = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
_SPACING = frozenset(str.split(""", ; : ! > quad qquad space thinspace enspace ~""")) | {" ", "\n"}
_IGNORED = frozenset(
    str.split("""left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle scriptscriptstyle limits
    nolimits rm bf it cal sf tt mathstrut strut hfill nonumber middle scriptsize tiny small boldsymbol mathbf mathrm mathit mathcal
    mathsf mathtt mathfrak mathscr mathnormal text textbf textit textrm textsf texttt mbox hbox operatorname operatorname*
    operatornamewithlimits mathop mathbin mathrel mathord mathopen mathclose mathpunct pmb bm underline underbrace overbrace boxed
    phantom hphantom vphantom smash mathchoice em emph ce""")
)
_UNREAD_ARGUMENT = frozenset(str.split("""begin end color textcolor definecolor hspace vspace label tag phantom hphantom vphantom"""))
_MOST = 2_000  # characters of TeX: a longer formula is no part of a sentence


def readable(tex: str) -> str:
    """A formula in TeX as text; "" for one too long to stand in prose."""
    if len(tex) > _MOST:
        return ""
    said = _sequence(iter(_TOKEN.findall(tex)), depth=0)
    return re.sub(r"\s+([,.;)\]}])", r"\1", re.sub(r"\s+", " ", said)).strip()


def _sequence(tokens: Iterator[str], depth: int) -> str:
    """The tokens up to the closing brace, or to the end."""
    out: list[str] = []
    for token in tokens:
        if token == "}":
            break
        out.append(_spaced(_one(token, tokens, depth, out)))
    return "".join(out)


def _spaced(text: str) -> str:
    return f" {text} " if text in _RELATIONS else text


def _one(token: str, tokens: Iterator[str], depth: int, before: list[str]) -> str:
    """What one token says, with the arguments that it takes from those after it."""
    if depth > 40 or token.isspace():
        return ""
    if token == "{":
        return _sequence(tokens, depth + 1)
    if token in "^_":
        raised = _argument(tokens, depth)
        while before and before[-1].endswith(" ") and before[-1].strip() in ("∑", "∏", "∫"):
            before[-1] = before[-1].strip()
        return (superscript if token == "^" else subscript)("".join(raised.split()) if len(raised) < 8 else raised)
    if token == "-":
        return "−" if not before or not before[-1].strip() or before[-1].strip() in _RELATIONS | {"("} else " − "
    if not token.startswith("\\") or len(token) == 1:
        return {"&": " ", "~": " ", "'": "′"}.get(token, token)
    return _command(token[1:], tokens, depth)


def _argument(tokens: Iterator[str], depth: int) -> str:
    for token in tokens:
        if not token.isspace():
            return _one(token, tokens, depth + 1, [])
    return ""


def _command(name: str, tokens: Iterator[str], depth: int) -> str:
    if name in _UNREAD_ARGUMENT:
        _argument(tokens, depth)
        return ""
    if name in ("frac", "tfrac", "dfrac", "cfrac"):
        above, below = _argument(tokens, depth), _argument(tokens, depth)
        return f"{_grouped(above)}/{_grouped(below)}"
    if name in ("binom", "tbinom", "dbinom"):
        return f"C({_argument(tokens, depth)}, {_argument(tokens, depth)})"
    if name == "sqrt":
        return f"√{_grouped(_argument(tokens, depth))}"
    if name in ("mathbb", "Bbb"):
        return "".join(_DOUBLE.get(letter, letter) for letter in _argument(tokens, depth))
    if name in _ACCENTS:
        under = _argument(tokens, depth)
        return f"{under[:1]}{_ACCENTS[name]}{under[1:]}"
    if name in ("not",):
        return f"{_argument(tokens, depth).strip()}\u0338"
    if name in ("pmod", "bmod", "mod"):
        return f" (mod {_argument(tokens, depth)})" if name == "pmod" else " mod "
    if name == "\\":
        return "; "
    if name in _SPACING:
        return " "
    return "" if name in _IGNORED else _SYMBOLS.get(name, f" {name} " if name.isalpha() and len(name) > 1 and name.islower() else name)


def _grouped(text: str) -> str:
    """In parentheses if it is more than one thing."""
    text = text.strip()
    return text if re.fullmatch(r"[\w.′]*|\([^()]*\)", text) else f"({text})"
