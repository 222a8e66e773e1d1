"""Formulas read as a person would type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.formulas import readable, subscript, superscript


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("E = mc^2", "E = mc²"),
        (r"x_{10}^{-1}", "x₁₀⁻¹"),
        (r"\frac{a+b}{2}", "(a + b)/2"),
        (r"{\frac {\pi }{2}}", "π/2"),
        (r"\int_0^\infty e^{-x^2}\,dx", "∫₀^∞ e^(−x²) dx"),
        (r"\lim _{x\to c}f(x)=0", "lim_(x → c) f(x) = 0"),
        (r"\sin^2 \theta", "sin² θ"),
        (r"0^{0}{\text{ and }}\infty ^{0}", "0⁰ and ∞⁰"),
        (r"\mathbb {R} ^{n}", "ℝⁿ"),
        (r"\sqrt{1-e^2}", "√(1 − e²)"),
        (r"180^{\circ}", "180°"),
        (r"A\subseteq B\cup \{x\}", "A ⊆ B ∪ {x}"),
        (r"{\begin{array}{rl}1.&P\\2.&Q\end{array}}", "1. P; 2. Q"),
        (r"{\hat {x}}", "x̂"),
        (r"t[x:=s]", "t[x := s]"),
    ],
)
def test_a_formula_reads_as_text(tex: str, said: str) -> None:
    assert readable(tex) == said


def test_what_unicode_cannot_raise_keeps_its_sign() -> None:
    assert (superscript("2"), superscript("n+1"), superscript("x+y"), superscript("Q")) == (
        "²",
        "ⁿ⁺¹",
        "^(x+y)",
        "^Q",
    )
    assert (subscript("2"), subscript("max"), subscript("i,j")) == ("₂", "_max", "_(i,j)")


def test_a_formula_too_long_for_prose_is_left_out() -> None:
    assert readable("x+" * 2000) == ""


TOKENS = (
    r"\frac",
    "{",
    "}",
    "^",
    "_",
    r"\sqrt",
    "x",
    " ",
    r"\text",
    r"\begin",
    r"\left",
    "-",
    r"\hat",
    "\\",
    r"\not",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=60))
def test_broken_tex_is_read_all_the_same(tokens: list[str]) -> None:
    assert "\\" not in readable("".join(tokens))
