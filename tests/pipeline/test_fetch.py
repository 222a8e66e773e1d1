"""The command as users type it: its output, its errors, its promises across runs."""

import contextlib
import gzip
import json
import os
import pty
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import programs
import pytest
from terminals import OnTerminal

from pipeline.dataset.pairs_file import fetch_command
from pipeline.errors import BadInput
from pipeline.fetch_options import FetchOptions, check_options
from tests.conftest import Behaviour, TinyWiki, answer, document

FETCH = [sys.executable, "-m", "pipeline.fetch"]
ROOT = Path(__file__).parents[2]
LEAD = "<p><b>{0}</b> is a small town in the north of an invented country. It has a market.</p>"


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "ASKWIKI_CONTACT"}


def fetch(*options: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = programs.run(["-m", "pipeline.fetch", *options], env=environment())
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done


def live(
    wiki: TinyWiki, cache: Path, *options: object, status: int = 0
) -> subprocess.CompletedProcess[str]:
    return fetch(
        "--site",
        wiki.address,
        "--contact",
        "me@askwiki.org",
        "--rate",
        500,
        "--cache",
        cache,
        *options,
        status=status,
    )


def pairs(cache: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (cache / "pairs.jsonl").read_text("utf-8").splitlines()]


def stats(site: str) -> dict[str, Any]:
    return json.load(urllib.request.urlopen(site + "/__stats__"))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "options",
    [
        ["--n", "0"],
        ["--n", "-3"],
        ["--n", "x"],
        ["--n", "5", "--site", "ftp://x"],
        ["--site", "https://a:b@c.org"],
        ["--lang", "pt"],
        ["--lang", "pt", "--source", "html:tests"],
        ["--lang", "es", "--kinds", "facts"],
        ["--lang", "fr", "--source", "sample"],
        ["--titles", "none.txt"],
        ["--titles", "x", "--category", "y"],
        ["--depth", "-1"],
        ["--rate", "0"],
        ["--rate", "nan"],
        ["--rate", "21"],
        ["--rate", "21", "--site", "https://commons.wikimedia.org"],
        ["--contact", "nobody", "--n", "1"],
        ["--contact", "you@example.com", "--n", "1"],
        ["--category", " "],
        ["--nonsense"],
        ["--kinds", "poems"],
        ["--answer-sentences", "0"],
        ["--source", "torrent"],
        ["--source", "dump:"],
        ["--source", "dump:none.tar.gz"],
        ["--source", "html:none"],
        ["--source", "sample", "--site", "http://127.0.0.1"],
    ],
)
def test_bad_input_gets_one_line_and_status_2(options: list[str], tmp_path: Path) -> None:
    done = fetch("--cache", tmp_path / "cache", *options, status=2)
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("error: ") and not done.stdout
    assert not (tmp_path / "cache/pairs.jsonl").exists()


def test_a_wiki_out_of_reach_gets_one_line_and_status_1_soon(tmp_path: Path) -> None:
    before = time.monotonic()
    done = fetch(
        "--n",
        5,
        "--site",
        "http://127.0.0.1:9",
        "--contact",
        "me@askwiki.org",
        "--cache",
        tmp_path,
        status=1,
    )
    assert "cannot be reached" in done.stderr and done.stderr.count("error: ") == 1
    assert time.monotonic() - before < 40


def test_the_same_again_sends_no_request_and_a_larger_n_the_difference(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    first = live(tiny_wiki, tmp_path, "--n", 4)
    assert "4 pairs" in first.stdout and "What is town" in first.stdout
    rows, asked = pairs(tmp_path), len(tiny_wiki.requests)
    assert list(rows[0]) == [
        "pageid",
        "title",
        "kind",
        "question",
        "answer",
        "url",
        "revid",
        "licence",
    ]
    assert (
        {row["licence"] for row in rows} == {"CC BY-SA 4.0"}
        and len({row["pageid"] for row in rows}) == 4
        and asked == 5
    )
    live(tiny_wiki, tmp_path, "--n", 4)
    assert pairs(tmp_path) == rows and len(tiny_wiki.requests) == asked
    live(tiny_wiki, tmp_path, "--n", 6)
    assert len(pairs(tmp_path)) == 6 and len(tiny_wiki.requests) == asked + 2
    small = live(tiny_wiki, tmp_path, "--n", 600)
    assert "there are no more: 9 of the 600" in small.stdout and len(pairs(tmp_path)) == 9


def test_other_rules_renew_the_pairs_without_the_network(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    tiny_wiki.pages = {"Town 1": 1}
    drawn = answer(json.dumps(tiny_wiki.api({"list": "random", "rnlimit": "9"})))
    tiny_wiki.first = [drawn, answer(document("Town 1", 1, LEAD.format("Town 1")))]
    live(tiny_wiki, tmp_path, "--n", 1)
    assert pairs(tmp_path)[0]["answer"].endswith("It has a market.")
    live(tiny_wiki, tmp_path, "--n", 1, "--answer-sentences", 1)
    assert pairs(tmp_path)[0]["answer"].endswith("country.") and len(tiny_wiki.requests) == 2
    (tmp_path / "pairs.jsonl").unlink()
    done = fetch("--rebuild", "--answer-sentences", 3, "--cache", tmp_path)
    assert (
        pairs(tmp_path)[0]["answer"].endswith("It has a market.")
        and "1 pair made again from 1 cached page" in done.stdout
    )


def test_pages_that_come_later_get_the_kinds_of_pairs_that_the_others_have(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    live(tiny_wiki, tmp_path, "--n", 2, "--kinds", "definition", "facts")
    said = "kinds of pairs, as before: definition, facts"
    assert said in live(tiny_wiki, tmp_path, "--n", 3).stderr
    assert said in fetch("--rebuild", "--cache", tmp_path).stderr
    again = fetch("--rebuild", "--kinds", "definition", "--cache", tmp_path)
    assert said not in again.stderr + fetch("--rebuild", "--cache", tmp_path).stderr


def test_near_duplicates_stay_left_out_of_later_fetches(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    def pairs() -> int:
        return len((tmp_path / "pairs.jsonl").read_text().splitlines())

    pytest.importorskip("datasketch")
    tiny_wiki.texts = {title: LEAD.format(title) for title in tiny_wiki.pages}
    live(tiny_wiki, tmp_path, "--n", 3, "--dedupe")
    assert pairs() == 1
    said = "near-duplicates are left out, as before"
    assert said in live(tiny_wiki, tmp_path, "--n", 4).stderr and pairs() == 1
    assert said not in fetch("--rebuild", "--cache", tmp_path).stderr and pairs() == 4
    assert said not in live(tiny_wiki, tmp_path, "--n", 5).stderr and pairs() == 5


def test_a_contact_is_sent_and_noted_in_one_private_file(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    live(tiny_wiki, tmp_path, "--n", 3)
    assert all("me@askwiki.org" in request.headers["user-agent"] for request in tiny_wiki.requests)
    noted = [file for file in tmp_path.iterdir() if b"me@askwiki.org" in file.read_bytes()]
    assert noted == [tmp_path / "contact.txt"] and noted[0].stat().st_mode & 0o77 == 0
    tiny_wiki.requests.clear()
    fetch("--site", tiny_wiki.address, "--n", 4, "--cache", tmp_path)
    assert all("me@askwiki.org" in request.headers["user-agent"] for request in tiny_wiki.requests)


def test_without_a_contact_the_projects_address_is_sent_at_a_slower_pace(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    done = fetch("--site", tiny_wiki.address, "--n", 2, "--cache", tmp_path)
    assert done.stderr.count("no --contact") == 1
    assert {
        request.headers["user-agent"].partition(" python")[0] for request in tiny_wiki.requests
    } == {"AskWiki/0.1 (https://github.com/askwiki/askwiki)"}
    moments = [request.at for request in tiny_wiki.requests]
    assert all(later - earlier > 0.45 for earlier, later in pairwise(moments))


def test_on_a_terminal_the_contact_is_asked_for_once_and_remembered(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    command = [
        *FETCH,
        "--site",
        tiny_wiki.address,
        "--n",
        "2",
        "--cache",
        str(tmp_path),
        "--rate",
        "100",
    ]
    process = subprocess.Popen(
        command, stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment()
    )
    os.close(theirs)  # so that our end is told when theirs has gone
    os.write(ours, b"nobody\nada@lovelace.org\n")
    seen = b""
    with contextlib.suppress(OSError), open(ours, "rb", buffering=0) as terminal:
        while said := terminal.read(4096):
            seen += said
    assert (
        process.wait(30) == 0
        and b"Wikis ask for a contact" in seen
        and b"'nobody' is no contact" in seen
    )
    assert (tmp_path / "contact.txt").read_text() == "ada@lovelace.org\n" and (
        tmp_path / "contact.txt"
    ).stat().st_mode & 0o77 == 0
    assert all(
        "ada@lovelace.org" in request.headers["user-agent"] for request in tiny_wiki.requests
    )
    fetch("--site", tiny_wiki.address, "--n", 3, "--cache", tmp_path)
    assert "ada@lovelace.org" in tiny_wiki.requests[-1].headers["user-agent"]


def test_stopped_before_the_first_page_nothing_is_left_that_training_would_refuse(
    tmp_path: Path,
) -> None:
    asked = OnTerminal(
        ["-m", "pipeline.fetch", "--site", "http://127.0.0.1:9", "--cache", tmp_path]
    )
    asked.until("Contact: ")
    asked.type("\x03")
    assert asked.end() == 130 and not (tmp_path / "pairs.jsonl").exists()
    assert "Contact: ^C" in asked.lines()  # what follows stands on lines of its own
    assert fetch_command(tmp_path) == f"python -m pipeline.fetch --n 500 --cache {tmp_path}"


def test_the_pairs_shown_are_of_the_pages_that_came(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    tiny_wiki.pages = {f"Town {number}": number for number in range(1, 4)}
    titles = tmp_path / "titles.txt"
    for number, earlier in ((1, ""), (2, "Town 1"), (3, "Town 2")):
        titles.write_text(f"Town {number}\n")
        said = live(tiny_wiki, tmp_path, "--titles", titles).stdout
        assert f"{number}?\n  Town {number} is a small town" in said and earlier in said
    again = live(tiny_wiki, tmp_path, "--titles", titles).stdout
    assert again.startswith("0 pages fetched") and "?" not in again


def test_a_refused_rebuild_leaves_no_folder(tmp_path: Path) -> None:
    said = fetch("--rebuild", "--cache", tmp_path / "none", status=2).stderr
    assert "without --rebuild" in said and not (tmp_path / "none").exists()


@pytest.mark.parametrize("source", ["zim:none.zim", "html:none", "dump:none.json"])
def test_a_missing_file_is_said_before_that_the_folder_is_taken(
    source: str, tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    live(tiny_wiki, tmp_path, "--n", 1)
    said = fetch("--source", source, "--cache", tmp_path, status=2).stderr
    assert source.partition(":")[2] in said and "would be lost" not in said


def test_a_cache_holds_one_language(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    live(tiny_wiki, tmp_path, "--n", 1)
    refused = fetch("--lang", "fr", "--n", 1, "--cache", tmp_path, status=2).stderr
    assert "holds pages in 'en': choose another --cache for 'fr'" in refused


def test_pages_are_not_put_beside_a_text_that_they_would_hide(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    (tmp_path / "book.txt").write_text("It was a dark night.\n")
    fetch("--source", f"text:{tmp_path / 'book.txt'}", "--cache", tmp_path / "cache")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved/a.html").write_text(document("Town 1", 1))
    refused = live(tiny_wiki, tmp_path / "cache", "--n", 1, status=2)
    archive = fetch(
        "--source", f"html:{tmp_path / 'saved'}", "--cache", tmp_path / "cache", status=2
    )
    assert all("holds a plain text" in ended.stderr for ended in (refused, archive))
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["text.txt"]


def test_a_cache_holds_one_wiki(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    live(tiny_wiki, tmp_path, "--n", 1)
    for other in (("--site", "http://127.0.0.2:9"), ("--source", "sample")):
        said = fetch(*other, "--n", 1, "--cache", tmp_path, status=2).stderr
        assert f"add --site {tiny_wiki.address} for more of them, or choose another --cache" in said
    live(tiny_wiki, tmp_path, "--n", 2)


def test_a_wiki_in_another_language_is_refused(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    tiny_wiki.lang = "pt"
    assert "not asked in" in live(tiny_wiki, tmp_path, "--n", 1, status=2).stderr
    assert len(tiny_wiki.requests) == 1


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_fetch_leaves_its_pairs_and_goes_on(
    kind: signal.Signals, tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    command = [
        *FETCH,
        "--site",
        tiny_wiki.address,
        "--contact",
        "me@askwiki.org",
        "--rate",
        "4",
        "--n",
        "8",
        "--cache",
        str(tmp_path),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    while len(tiny_wiki.requests) < 4:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(kind)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130 and "Traceback" not in errors and 2 <= len(pairs(tmp_path)) < 8
    live(tiny_wiki, tmp_path, "--n", 8)
    assert len(pairs(tmp_path)) == 8 and len(tiny_wiki.requests) <= 10


def test_files_give_pairs_and_leave_fetched_pages_alone(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    folder, cache = tmp_path / "saved", tmp_path / "cache"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"{number}.html").write_text(
            document(f"Town {number}", number, LEAD.format(f"Town {number}"))
        )
    assert (
        "3 records read; 3 pages gave pairs"
        in fetch("--source", f"html:{folder}", "--cache", cache).stdout
    )
    assert len(pairs(cache)) == 3
    fetch("--source", f"html:{folder}", "--cache", cache, "--n", 2)
    assert len(pairs(cache)) == 2
    assert (
        "would be lost" in live(tiny_wiki, cache, "--n", 2, status=2).stderr
        and not tiny_wiki.requests
    )
    live(tiny_wiki, tmp_path / "other", "--n", 2)
    assert (
        "would be lost"
        in fetch("--source", f"html:{folder}", "--cache", tmp_path / "other", status=2).stderr
    )


def saved(folder: Path, *numbers: int) -> str:
    """A folder of saved pages about towns, as --source names it."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        name = f"Town {number}"
        (folder / f"{number}.html").write_text(document(name, number, LEAD.format(name)))
    return f"html:{folder}"


def test_a_file_or_folder_that_is_named_without_its_kind_is_told_it(tmp_path: Path) -> None:
    for name, kind in (("a.zim", "zim"), ("a.ndjson.gz", "dump"), ("a.txt", "text")):
        (tmp_path / name).touch()
        said = fetch("--source", tmp_path / name, "--cache", tmp_path / "cache", status=2).stderr
        assert f"did you mean {kind}:{tmp_path / name}?" in said
    said = fetch("--source", tmp_path, "--cache", tmp_path / "cache", status=2).stderr
    assert f"did you mean html:{tmp_path}?" in said


def test_pairs_of_other_files_are_not_replaced(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "first", 1, 2), saved(tmp_path / "second", 3)
    cache = tmp_path / "cache"
    fetch("--source", first, "--cache", cache)
    refused = fetch("--source", second, "--cache", cache, status=2).stderr
    assert f"was made of {first}, and would be lost" in refused and len(pairs(cache)) == 2
    saved(tmp_path / "first", 4)  # the same folder has grown
    fetch("--source", first, "--cache", cache)
    assert len(pairs(cache)) == 3


def test_a_file_of_pairs_that_somebody_wrote_is_not_replaced(tmp_path: Path) -> None:
    source, cache = saved(tmp_path / "pages", 1, 2), tmp_path / "cache"
    fetch("--source", source, "--cache", tmp_path / "made")
    cache.mkdir()
    (cache / "pairs.jsonl").write_bytes((tmp_path / "made/pairs.jsonl").read_bytes())
    assert "would be lost" in fetch("--source", source, "--cache", cache, status=2).stderr
    (cache / "pairs.jsonl").write_bytes(b"")  # of no pair nothing can be lost
    fetch("--source", source, "--cache", cache)
    assert len(pairs(cache)) == 2


def test_what_gives_no_pair_is_not_done(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    source, cache = saved(tmp_path / "pages", 1), tmp_path / "cache"
    fetch("--source", source, "--cache", cache)
    (tmp_path / "pages/1.html").write_text("<p>A page of no wiki.</p>")
    said = fetch("--source", source, "--cache", cache, status=2).stderr
    assert "gave no pairs: html: wants a folder with articles" in said
    assert len(pairs(cache)) == 1  # those of before

    titles = tmp_path / "titles.txt"
    titles.write_text("No Such Page\n")
    for _ in range(2):  # the second time, what the cache knows of the wiki is asked for anew
        said = live(tiny_wiki, tmp_path / "wiki", "--titles", titles, status=2).stderr
        assert "no page of this request gave a pair: --titles wants titles" in said
        live(tiny_wiki, tmp_path / "wiki", "--n", 1)


def test_pages_that_could_not_be_had_are_no_fault_of_the_request(
    tiny_wiki: TinyWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    its_own = tiny_wiki.respond

    def without_pages(path: str) -> Behaviour:
        return answer(b"gone", 404) if path.startswith("/wiki/") else its_own(path)

    monkeypatch.setattr(tiny_wiki, "respond", without_pages)
    titles = tmp_path / "titles.txt"
    titles.write_text("Town 1\n")
    ended = live(tiny_wiki, tmp_path / "wiki", "--titles", titles, "--n", 3, status=1)
    assert "error: Town 1 could not be had: 404, and not by the wiki itself; try" in ended.stderr
    assert "there are no more" not in ended.stdout


def test_a_dump_that_breaks_off_leaves_the_pairs_before_the_break(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(400_000).hex()
    records = [
        {
            "name": f"Town {number}",
            "identifier": number,
            "noise": noise,
            "article_body": {"html": LEAD.format(f"Town {number}")},
        }
        for number in range(1, 9)
    ]
    whole = gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode())
    (tmp_path / "cut.ndjson.gz").write_bytes(whole[: len(whole) // 2])
    done = fetch(
        "--source", f"dump:{tmp_path / 'cut.ndjson.gz'}", "--cache", tmp_path / "cache", status=1
    )
    assert "is damaged" in done.stderr and 1 <= len(pairs(tmp_path / "cache")) < 8


def test_the_sample_is_fetched_over_the_same_client_and_only_once(tmp_path: Path) -> None:
    first = fetch("--source", "sample", "--cache", tmp_path)
    assert len(pairs(tmp_path)) > 90 and "contact" not in first.stderr
    assert fetch("--source", "sample", "--cache", tmp_path).stdout.startswith("0 pages fetched")


def test_a_small_goal_on_real_pages_is_met_politely(
    replay: Callable[..., str], tmp_path: Path
) -> None:
    site = replay()
    fetch("--site", site, "--contact", "me@askwiki.org", "--cache", tmp_path, "--n", 40)
    seen = stats(site)
    assert len({row["pageid"] for row in pairs(tmp_path)}) == len(pairs(tmp_path)) == 40
    assert (
        set(seen["status"]) == {"200"}
        and seen["requests"]["/w/api.php"] == 1
        and seen["busiest_second"] <= 12
    )
    assert seen["peak_concurrency"] <= 3 and seen["pages_served_again"] == 0


@pytest.mark.parametrize(
    "fault", ["429", "503", "maxlag", "garbage", "reset", "truncate", "stall", "404"]
)
def test_real_pages_come_in_spite_of_every_fault(
    fault: str, replay: Callable[..., str], tmp_path: Path
) -> None:
    site = replay("--faults", f"{fault}=.15", "--stall", "0.3", "--unlimited")
    fetch(
        "--site", site, "--contact", "me@askwiki.org", "--cache", tmp_path, "--n", 25, "--rate", 500
    )
    assert len({row["pageid"] for row in pairs(tmp_path)}) == len(pairs(tmp_path)) == 25
    seen = stats(site)
    assert (
        seen["came_before_retry_after"] <= 2 * seen["faults_injected"]
    )  # at this pace the two others are on their way already


def test_no_kill_loses_or_doubles_a_page(replay: Callable[..., str], tmp_path: Path) -> None:
    site, kills = replay("--unlimited"), 5
    command = [
        *FETCH,
        "--site",
        site,
        "--contact",
        "me@askwiki.org",
        "--cache",
        str(tmp_path),
        "--n",
        "60",
        "--rate",
        "40",
    ]
    for kill in range(kills):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        time.sleep(random.Random(kill).uniform(0.3, 1.5))
        process.kill()
        process.wait()
    fetch(*command[3:])
    with sqlite3.connect(tmp_path / "pages.sqlite") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len({row["pageid"] for row in pairs(tmp_path)}) == len(pairs(tmp_path)) == 60
    assert stats(site)["pages_served_again"] <= 3 * kills


@pytest.mark.parametrize(
    "source", ["live", "sample", "html:tests", "zim:x.zim", "dump:x.json.gz", "text:README.md"]
)
def test_every_source_refuses_a_language_in_which_nothing_is_asked(source: str) -> None:
    with pytest.raises(BadInput, match="pt"):
        check_options(FetchOptions(lang="pt", source=(source,)))
    if source != "sample":
        check_options(FetchOptions(lang="de", source=(source,), contact="me@askwiki.org"))


@pytest.mark.parametrize(
    ("lang", "host"),
    [("en", "en"), ("eng", "en"), ("en-GB", "en"), ("simple", "simple"), ("deu", "de")],
)
def test_the_codes_of_archives_name_the_same_wikipedia(lang: str, host: str) -> None:
    assert FetchOptions(lang=lang).site_name == f"https://{host}.wikipedia.org"


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        (["--kinds", "definition", "fact"], "did you mean facts?"),
        (["--source", "sampel"], "did you mean sample?"),
        (["--source", "dmup:x.gz"], "did you mean dump?"),
        (["--source", "page.html"], ""),
        (["--source", "zim"], ""),
    ],
)
def test_a_misspelt_kind_or_source_is_named(options: list[str], meant: str) -> None:
    said = fetch(*options, status=2).stderr
    assert meant in said and ("did you mean" in said) == bool(meant)
