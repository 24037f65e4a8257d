"""Which process left a word of itself, and whether it still lives."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from aestudy.driver import owner
from aestudy.driver.owner import ALIVE, ENDED, FIRST_NAMESPACE, UNKNOWN, UNNAMED


@pytest.fixture
def sleeper():
    """A process that lives, and its word of itself."""
    code = "import sys; from aestudy.driver import owner; print(owner.this_process().as_text(), end='', flush=True); "
    process = subprocess.Popen(
        [sys.executable, "-c", code + "sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    yield process, owner.from_text(process.stdout.readline())
    process.kill()
    process.communicate()


def test_this_process_lives_and_reads_back_what_it_wrote():
    me = owner.this_process(scheduler=True, log="a.log")
    assert me.process == os.getpid() and me.began > 0 and me.boot and me.namespace.startswith("pid:[")
    assert owner.from_text(me.as_text()) == me
    assert owner.state(me) == ALIVE
    assert str(me).startswith(f"process {os.getpid()} on ")


def test_another_process_is_alive_until_it_ends(sleeper):
    process, word = sleeper
    assert word.process == process.pid and owner.state(word) == ALIVE
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert owner.state(word) == ENDED  # though its parent has not asked for its end: a zombie
    process.wait()
    assert owner.state(word) == ENDED


def test_a_number_that_is_used_again_is_another_process():
    me = owner.this_process()
    assert owner.state(replace(me, began=me.began - 1)) == ENDED


def test_a_process_of_another_user_is_there_even_if_nothing_else_is_told(monkeypatch):
    def refuse(process, signal):
        raise PermissionError

    monkeypatch.setattr(owner.os, "kill", refuse)
    assert owner.state(owner.this_process()) == ALIVE
    assert owner.state(replace(owner.this_process(), process=2**22 + 1)) == UNKNOWN  # hidden: see proc(5), hidepid


@pytest.mark.parametrize(
    "elsewhere",
    [{"host": "another"}, {"namespace": "pid:[1]"}, {"boot": "another", "machine": "another"}, {"boot": "another"}],
)
def test_what_cannot_be_seen_from_here_is_unknown(elsewhere, monkeypatch):
    """Another machine, another container, another machine of the same name, a boot that a container cannot judge."""
    monkeypatch.setattr(owner, "_namespace", lambda: "pid:[2]")
    me = owner.this_process()
    assert owner.state(me) == ALIVE
    assert owner.state(replace(me, **elsewhere)) == UNKNOWN


@pytest.mark.parametrize(("machine", "state"), [("m", ENDED), ("", UNKNOWN)])
def test_a_boot_ends_all_processes_of_a_machine_that_can_be_told_from_others(machine, state, monkeypatch, tmp_path):
    (tmp_path / "machine-id").write_text(machine + "\n")
    monkeypatch.setattr(owner, "MACHINE_ID", tmp_path / "machine-id")
    monkeypatch.setattr(owner, "_namespace", lambda: FIRST_NAMESPACE)
    assert owner.state(replace(owner.this_process(), boot="the one before")) == state


def test_where_the_system_tells_nothing_all_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setattr(owner, "PROC", tmp_path)
    assert owner.state(owner.this_process()) == UNKNOWN


@pytest.mark.parametrize(
    "text", ["process 12 on vm since 2026-01-01 10:00", "{}", "[1]", '{"process": 12, "host"', "null", "\0"]
)
def test_a_word_that_cannot_be_read_names_nobody_and_is_unknown(text):
    """As of an earlier version, or cut short."""
    assert owner.from_text(text) is UNNAMED
    assert owner.state(UNNAMED) == UNKNOWN


@pytest.mark.parametrize("change", [{"process": "12"}, {"host": None}, {"scheduler": 1}, {"began": True}])
def test_a_word_with_values_of_other_types_names_nobody(change):
    assert owner.from_text(replace(owner.this_process(), **change).as_text()) is UNNAMED


def test_no_word_is_no_process():
    assert owner.from_text("") is None


def test_a_program_with_parentheses_in_its_name(monkeypatch, tmp_path):
    (tmp_path / "7").mkdir()
    fields = " ".join(str(number) for number in range(4, 53))
    (tmp_path / "7/stat").write_text(f"7 (a) R (b c) S {fields}\n")
    monkeypatch.setattr(owner, "PROC", tmp_path)
    assert owner._stat(7) == ("S", 22)  # by the numbers of proc_pid_stat(5)
