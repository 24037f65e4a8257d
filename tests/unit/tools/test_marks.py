"""Parts of documents that programs write."""

from aestudy.tools import marks

BEGIN, END = "<!-- begin (of it) -->", "<!-- end -->"


def test_only_what_stands_between_the_marks_is_replaced():
    text = f"above\n{BEGIN}\nold\n\nlines\n{END}\nbelow\n{END}\n"
    new = r"a \1 of $0"
    assert marks.between(text, BEGIN, END, new) == f"above\n{BEGIN}\n{new}\n{END}\nbelow\n{END}\n"


def test_writing_again_changes_nothing():
    once = marks.between(f"{BEGIN}{END}", BEGIN, END, "text")
    assert marks.between(once, BEGIN, END, "text") == once


def test_a_document_without_both_marks_stays_as_it_is():
    assert marks.between(f"above\n{BEGIN}\nbelow", BEGIN, END, "new") == f"above\n{BEGIN}\nbelow"
