"""The web page's files, and the page as one file with everything inside."""

import base64
import hashlib
import re
from graphlib import TopologicalSorter
from importlib import resources
from importlib.resources.abc import Traversable

ENTRY = "page.js"
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.-]+)";\n', re.M)
EXPORT = re.compile(r"^export (?:async )?(?:class|const|function\*?) (\w+)", re.M)


def web_folder() -> Traversable:
    """The folder of the page's parts: HTML, CSS and JavaScript modules."""
    return resources.files("pipeline.answering.server") / "web"


def standalone_page(bundle: bytes, *, title: str) -> str:
    """The page with style, scripts and a packed run inside: it opens from a disk, and its policy
    lets the browser ask nobody anything.
    """
    folder = web_folder()
    page = (folder / "index.html").read_text(encoding="utf-8")
    style = (folder / "style.css").read_text(encoding="utf-8")
    script = join_modules(folder)
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:"
    )
    policy_tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    packed = base64.b64encode(bundle).decode()
    parts = {
        '<meta charset="utf-8">': f'<meta charset="utf-8">\n{policy_tag}',
        '<link rel="stylesheet" href="style.css">': f"<style>{style}</style>",
        '<script type="module" src="page.js"></script>': (
            f'<script type="text/plain" id="run">{packed}</script>\n'
            f'<script type="module">{script}</script>'
        ),
        "<title>AskWiki</title>": f"<title>{_escaped(title)}</title>",
    }
    for placeholder, part in parts.items():
        page = page.replace(placeholder, part, 1)
    return page


def join_modules(folder: Traversable, entry: str = ENTRY) -> str:
    """A module and all that it imports as one script: browsers load no modules from a disk. Each
    becomes a function, called once, that returns what the module exports.
    """
    texts: dict[str, str] = {}
    imported: dict[str, list[str]] = {}
    todo = [entry]
    while todo:
        name = todo.pop()
        if name not in texts:
            texts[name] = (folder / name).read_text(encoding="utf-8")
            imported[name] = [source for _, source in IMPORT.findall(texts[name])]
            todo += imported[name]
    order = TopologicalSorter(imported).static_order()
    functions = [_as_function(name, texts[name]) for name in order]
    return "\n".join(["const modules = {};", *functions]).replace("</script", "<\\/script")


def _as_function(name: str, text: str) -> str:
    body = IMPORT.sub(r'const {\1} = modules["\2"];\n', text)
    exported = ", ".join(EXPORT.findall(text))
    body = re.sub(r"^export ", "", body, flags=re.M)
    return f'modules["{name}"] = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();'


def _hash(content: str) -> str:
    """What a Content-Security-Policy calls this script or style."""
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
