"""Modules as one script. That it runs as they do, the browser tests of the widget show."""

import pytest

from balie_livechat.web.bundling import Bundle, NotBundled, stripped

ENTRY = 'import { a, b as c } from "./x/a.js";\nimport "./x/b.js";\nawait a(c);\n'


def script(**sources):
    return Bundle({name.replace("__", "/") + ".js": text for name, text in sources.items()}).script(
        "app.js"
    )


def test_modules_run_in_the_order_in_which_they_are_needed_each_by_itself():
    made = script(
        app=ENTRY,
        x__a='import { d } from "./b.js";\n'
        "export function a() {\n  return d;\n}\nexport const b = 1;\n",
        x__b="const own = 2;\nfunction d() {}\nexport { d, own };\n",
    )

    assert made == (
        "const ties = [];\n"
        "const m_x_b = {};\nconst m_x_a = {};\n"
        "(() => {\nconst own = 2;\nfunction d() {}\nm_x_b.d = d;\nm_x_b.own = own;\n})();\n"
        "(() => {\nconst { d } = m_x_b;\nm_x_a.a = a;\n"
        "function a() {\nreturn d;\n}\nconst b = 1;\nm_x_a.b = b;\n})();\n"
        "for (const tie of ties) tie();\n"
        "const { a, b: c } = m_x_a;\nawait a(c);\n"
    )


def test_two_that_need_each_other_are_tied_once_both_are_there():
    made = script(
        app='import { a } from "./a.js";\na();\n',
        a='import { b } from "./b.js";\nexport function a() { return b; }\n',
        b='import { a } from "./a.js";\nexport function b() { return a; }\n',
    )

    assert "let a;\nties.push(() => ({ a } = m_a));\n" in made
    assert made.index("m_b.b = b") < made.index("m_a.a = a") < made.index("for (const tie")


def test_what_is_imported_later_is_there_already():
    made = script(app='const { x } = await import("./later.js");\n', later="export const x = 1;\n")

    assert "await Promise.resolve(m_later);" in made


@pytest.mark.parametrize(
    "text",
    [
        'import a from "./a.js";\n',
        'import * as a from "./a.js";\n',
        'export * from "./a.js";\n',
        "export default 1;\n",
        "export let a = 1;\n",
        "await 1;\n",
        "const a = await 1;\n",
        'new URL("./x.svg", import.meta.url);\n',
        "import(name);\n",
        'import { a } from "./none.js";\n',
        'import { a } from "a";\n',
    ],
    ids=range(11),
)
def test_what_is_not_understood_is_refused(text):
    with pytest.raises(NotBundled):
        script(app='import "./b.js";\n', a="", b=text)


def test_entry_that_exports_is_refused():
    with pytest.raises(NotBundled, match="holds 'an export'"):
        script(app="export const a = 1;\n")


def test_comments_and_indentation_go_and_words_stay():
    text = (
        "// a\n/** b\n * c\n */\n/* d */\nfunction e() {\n    // f\n"
        "    return `g\n    // h\n  /* i */ ${j}\n`;\n}\n\nconst k = 'https://l'; // m\n"
    )

    assert stripped(text) == (
        "function e() {\nreturn `g\n    // h\n  /* i */ ${j}\n`;\n}\nconst k = 'https://l'; // m\n"
    )


def test_text_that_never_ends_is_left_alone():
    assert stripped("  a = `b\n // c") == "  a = `b\n // c"
