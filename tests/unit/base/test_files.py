"""Files are there whole or not at all, whatever happens to the process that writes them."""

import errno
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from aestudy.base import files


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_failed_write_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.csv"
    files.write_text(path, "old")
    with pytest.raises(ZeroDivisionError), files.replacing(path) as temporary:
        temporary.write_text("new, ha")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_a_killed_writer_leaves_the_target_alone_and_the_next_one_tidies_up(tmp_path):
    path = tmp_path / "a.csv"
    files.write_text(path, "old")
    script = f"""
import sys, time
from aestudy.base import files
with files.replacing({str(path)!r}) as temporary:
    temporary.write_text("new, ha")
    print("written", flush=True)
    time.sleep(60)
"""
    writer = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert writer.stdout.readline() == b"written\n"
    writer.kill()
    writer.wait()
    assert path.read_text() == "old"
    assert len(names(tmp_path)) == 2
    (tmp_path / ".a-notes.csv").write_text("somebody else's")
    files.write_text(path, "new")
    assert path.read_text() == "new"
    assert names(tmp_path) == [".a-notes.csv", "a.csv"]


def test_a_reader_never_sees_a_part(tmp_path):
    path = tmp_path / "a.txt"
    files.write_text(path, "0" * 100_000)
    script = f"""
from aestudy.base import files
for i in range(1, 100):
    files.write_text({str(path)!r}, str(i % 10) * 100_000)
"""
    writer = subprocess.Popen([sys.executable, "-c", script], env={"PYTHONPATH": ":".join(sys.path)})
    seen = set()
    while writer.poll() is None:
        text = path.read_text()
        assert len(text) == 100_000 and len(set(text)) == 1
        seen.add(text[0])
        time.sleep(0.001)
    assert writer.returncode == 0
    assert len(seen) > 1


def test_arrays_map_into_memory(tmp_path):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)[:, ::-2]
    files.write_array(tmp_path / "a.npy", array)
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert isinstance(mapped, np.memmap) and mapped.dtype == np.uint8
    np.testing.assert_array_equal(mapped, array)


def test_equal_data_give_equal_bytes(tmp_path):
    files.write_json(tmp_path / "a", {"b": 1, "a": [0.1]})
    files.write_json(tmp_path / "b", {"a": [0.1], "b": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_csv_floats_read_back_the_same(tmp_path):
    frame = pd.DataFrame({"x": [0.1, 1 / 3, 1e-300, np.nan]})
    files.write_csv(tmp_path / "a.csv", frame)
    assert pd.read_csv(tmp_path / "a.csv")["x"].equals(frame["x"])


@pytest.mark.skipif("not __import__('os').path.exists('/dev/full')", reason="has no /dev/full")
def test_a_full_disk_is_told_with_the_name_of_the_target(tmp_path):
    path = tmp_path / "a.npy"
    with pytest.raises(OSError) as error, files.replacing(path), open("/dev/full", "wb", buffering=0) as full:
        full.write(b"x")
    assert error.value.errno == errno.ENOSPC
    assert error.value.filename == str(path)
    assert names(tmp_path) == []


def test_an_error_of_the_system_is_one_also_where_a_library_wraps_it(tmp_path):
    path = tmp_path / "weights.safetensors"
    with pytest.raises(OSError) as error, files.replacing(path):
        raise RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)")
    assert (error.value.errno, error.value.filename) == (errno.ENOSPC, str(path))
