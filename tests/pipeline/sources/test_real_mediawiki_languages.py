"""On a real MediaWiki with its language set to each: fetch, train and ask, as in English.

The wiki is made where ASKWIKI_SHARED has what makes one and ASKWIKI_MEDIAWIKI_FOLDER names the
folder of another, whose code it shares.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import programs
import pytest

ROOT = Path(__file__).parents[3]
PAGES = {
    "es": {
        "Tisbe Prado": "'''Tisbe Prado''' (en inglés: ''Thisbe Meadow'') fue una pintora chilena.",
        "Torno de Xe": "Un '''torno de Xe''' es una máquina que gira.[cita requerida]",
        "Bosque de Lur": "El '''bosque de Lur''' es un bosque al norte de la costa.",
        "Lurón": "'''Lurón''' puede referirse a: un río; una torre; una mujer de la costa.",
    },
    "fr": {
        "Ada Prune": "'''Ada Prune''', née le 3 mai 1902 à Lens, est une peintre : elle vit.",
        "Orme gris": "L''''orme gris''' est un arbre des bois clairs du Nord.",
        "Arcy-la-Tour": "'''Arcy-la-Tour''' est une ville au bord de la mer.",
        "Lunette X": "'''Lunette X''' peut désigner : une ville ; une rivière ; une femme de Lens.",
    },
    "de": {
        "Ada Prun": "'''Ada Prun''' (* 3. Mai 1902 in Ulm; † 1955) war eine deutsche Malerin.",
        "Iselbach": "Der '''Iselbach''' ist ein Bach in den Bergen.",
        "Knarrwerk": "Ein '''Knarrwerk''' ist ein Gerät, das knarrt.",
        "Lunk": "'''Lunk''' steht für: eine Stadt; einen Fluss; eine Frau aus Ulm.",
    },
}
ASKED = {
    "es": ["¿Quién es Tisbe Prado?", "¿Qué es un torno de Xe?", "¿Qué es el bosque de Lur?"],
    "fr": ["Qui est Ada Prune ?", "Qu'est-ce que l'orme gris ?", "Qu'est-ce qu'Arcy-la-Tour ?"],
    "de": ["Wer ist Ada Prun?", "Was ist der Iselbach?", "Was ist ein Knarrwerk?"],
}
TYPED = {  # as typed, the title that is meant, and what is said of one that was not read
    "es": ("quien fue tisbe prado", "Tisbe Prado", "¿Qué es Zzyzx?", "No he leído sobre"),
    "fr": ("c'est quoi l'orme gris", "Orme gris", "Qu'est-ce que Zzyzx ?", "Je n'ai rien lu sur"),
    "de": ("was ist der Iselbach", "Iselbach", "Was ist Zzyzx?", "habe ich nichts gelesen"),
}


class LocalWiki:
    """A MediaWiki with pages in every language, whose own language can be chosen as it runs."""

    def __init__(self, folder: Path, program: Path, code: Path) -> None:
        self.folder, self.program, self.code = folder, program, code

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [self.program, arguments[0], self.folder, *arguments[1:]],
            env=os.environ | {"MWUP_CODE": str(self.code)},
            check=True,
            capture_output=True,
            timeout=240,
        )

    def start(self, pages: Path) -> None:
        self.run("start", "--port", "0", "--pages", str(pages))
        self.speak("en")
        with (self.folder / "LocalSettings.php").open("a", encoding="utf-8") as settings:
            settings.write(f"\n$wgLanguageCode = file_get_contents('{self.folder}/language');\n")
            settings.write("$wgCachePrefix .= $wgLanguageCode;\n")  # nothing of another language

    def speak(self, lang: str) -> None:
        """Every request from now on is answered in this language."""
        (self.folder / "language").write_text(lang, "utf-8")

    @property
    def address(self) -> str:
        env = (self.folder / "env").read_text("utf-8")
        return env.partition("api=")[2].partition("/w/api.php")[0]


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalWiki]:
    shared, other = os.environ.get("ASKWIKI_SHARED"), os.environ.get("ASKWIKI_MEDIAWIKI_FOLDER")
    if not shared or not other or os.geteuid() != 0:
        pytest.skip("ASKWIKI_SHARED and ASKWIKI_MEDIAWIKI_FOLDER do not say how to make a wiki")
    pages = tmp_path_factory.mktemp("pages")
    for texts in PAGES.values():
        for title, text in texts.items():
            (pages / f"{quote(title, safe=' ')}.wiki").write_text(text, "utf-8")
    program, code = Path(shared) / "mediawiki/mediawiki-up", Path(other) / "mw"
    made = LocalWiki(tmp_path_factory.mktemp("wiki"), program, code)
    made.start(pages)
    yield made
    made.run("stop")


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    done = programs.run(arguments, env=os.environ | {"OMP_NUM_THREADS": "1"}, timeout=240)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
@pytest.mark.parametrize("lang", list(PAGES))
def test_it_is_fetched_trained_and_asked(wiki: LocalWiki, lang: str, tmp_path: Path) -> None:
    titles, cache, out = tmp_path / "titles.txt", tmp_path / "cache", tmp_path / "run"
    titles.write_text("\n".join(PAGES[lang]), "utf-8")
    wiki.speak(lang)
    command(
        *("-m", "pipeline.fetch", "--site", wiki.address, "--contact", "me@askwiki.org"),
        *("--rate", "100", "--titles", titles, "--cache", cache),
    )
    pairs = [json.loads(line) for line in (cache / "pairs.jsonl").read_text("utf-8").splitlines()]
    assert sorted(pair["question"] for pair in pairs) == sorted(ASKED[lang])
    assert {pair["lang"] for pair in pairs} == {lang}
    assert not any("[" in pair["answer"] or "inglés" in pair["answer"] for pair in pairs)
    if lang == "fr":
        assert any("peintre\u00a0: elle" in pair["answer"] for pair in pairs)
    command(
        *("train.py", "--cache", cache, "--out", out, "--device", "cpu", "--epochs", 2),
        *("--layers", 1, "--width", 64, "--heads", 2, "--vocab-size", 300, "--held-out", 0),
    )
    typed, title, unread, remark = TYPED[lang]
    reply = json.loads(command("generate.py", "--run", out, "--prompt", typed, "--json").stdout)
    assert title in json.dumps(reply, ensure_ascii=False)
    said = command("generate.py", "--run", out, "--prompt", unread)
    assert remark in said.stdout + said.stderr
