# SPDX-License-Identifier: GPL-2.0
"""mdoc.py block | line PAGE N: print the N-th literal block of EXAMPLES, or the N-th line that a page shows
(.Dl, in any section). mdoc.py count PAGE: print how many of each it has.

As a module: read manual pages in mdoc(7), as far as the pages of bfk need it."""
import re
import sys

# What stands for itself in a line of macros, and what only changes how the next word looks.
FONTS = set("Ar Cm Dv Em Er Fa Fl Ic In Li No Nm Pa Sy Va Vt Fn".split())
ENCLOSE = {"Bq": "[]", "Pq": "()", "Po": "(", "Pc": ")", "Ql": "''", "Sq": "''"}
CLOSING = set(", . : ; ) ? ! ]".split())


def unescape(text):
    for escape, char in (("\\&", ""), ("\\-", "-"), ("\\(dq", '"'), ("\\ ", " "), ("\\e", "\\")):
        text = text.replace(escape, char)
    return text


def words(line):
    """The words of a line; one in quotes can have blanks."""
    return [quoted or word for quoted, word in re.findall(r'"([^"]*)"|((?:\\ |\S)+)', line)]


def text_of(tokens):
    """What a formatter prints for the words of a line that begins with a macro."""
    out, glue, close, flag = "", False, "", False
    tokens = list(tokens)
    while tokens:
        token = tokens.pop(0)
        if token == "Ns":
            glue = True
            continue
        if token in FONTS:
            flag = token == "Fl"
            continue
        if token == "Xr":
            token = f"{tokens.pop(0)}({tokens.pop(0)})"
        elif token in ENCLOSE:
            mark = ENCLOSE[token]
            out += ("" if mark == ")" or not out else " ") + mark[0]
            close = mark[1:] + close
            glue = mark != ")"
            continue
        elif flag and token not in CLOSING:
            token = "-" + token
        blank = "" if not out or glue or token in CLOSING else " "
        out += blank + unescape(token)
        glue = token == "("
    return (out + close).strip()


class Page:
    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as file:
            self.lines = [line.rstrip("\n") for line in file if not line.startswith('.\\"')]

    def section(self, title, sub=None):
        """The lines of a section; with @sub only those of a subsection."""
        found, inside, in_sub = [], False, sub is None
        for line in self.lines:
            if line.startswith(".Sh "):
                inside, in_sub = line[4:] == title, sub is None
            elif line.startswith(".Ss ") and sub is not None:
                in_sub = line[4:] == sub
            elif inside and in_sub:
                found.append(line)
        assert found, f"{self.path}: no {title} {sub or ''}"
        return found

    def tables(self):
        """Each column list, as a list of rows, these as lists of cells."""
        tables, row = [], None
        for line in self.lines:
            if line.startswith(".Bl -column"):
                tables.append([])
                row = True
            elif line == ".El":
                row = None
            elif row and line.startswith(".It "):
                cells, cell = [], []
                for token in words(line[4:]) + ["Ta"]:
                    if token == "Ta":
                        cells.append(text_of(cell))
                        cell = []
                    else:
                        cell.append(token)
                tables[-1].append(cells)
        return tables

    def table(self, *first):
        """The rows of the one table whose first row begins with these cells."""
        found = [table for table in self.tables() if table[0][: len(first)] == list(first)]
        assert len(found) == 1, f"{self.path}: {len(found)} tables begin with {first}"
        return found[0]


def plain(lines):
    """Lines as text, without what is in tables and literal blocks."""
    out = []
    for line in lines:
        if line.startswith("."):
            tokens = words(line[1:])
            if tokens[0] in FONTS or tokens[0] in ENCLOSE or tokens[0] == "Xr":
                out.append(text_of(tokens))
        else:
            out.append(unescape(line))
    return re.sub(r" ([,.:;)])", r"\1", " ".join(out))


def items(lines):
    """The items of all tag lists, nested ones too: pairs of tag and lines of the body."""
    found = []
    for line in lines:
        if line.startswith(".It") and " Ta " not in line:
            found.append((text_of(words(line[4:])), []))
        elif found:
            found[-1][1].append(line)
    return found


def literal_blocks(lines):
    """The literal blocks, as they are printed."""
    blocks, inside = [], False
    for line in lines:
        if line == ".Ed":
            inside = False
        if inside:
            blocks[-1].append(line.replace("\\e", "\\").replace("\\&", ""))
        if line.startswith(".Bd -literal"):
            blocks.append([])
            inside = True
    return ["\n".join(block) + "\n" for block in blocks]


def shown_lines(lines):
    """The lines that a page shows by .Dl, without the prompt, as they are in the page."""
    return [re.sub(r"^[$#] ", "", line[4:]) for line in lines if line.startswith(".Dl ")]


if __name__ == "__main__":
    the_page = Page(sys.argv[2])
    has_examples = ".Sh EXAMPLES" in the_page.lines
    blocks = literal_blocks(the_page.section("EXAMPLES")) if has_examples else []
    if sys.argv[1] == "count":
        print(len(blocks), len(shown_lines(the_page.lines)))
    elif sys.argv[1] == "block":
        print(blocks[int(sys.argv[3]) - 1], end="")
    else:
        print(shown_lines(the_page.lines)[int(sys.argv[3]) - 1])
