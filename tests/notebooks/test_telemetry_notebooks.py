"""The telemetry notebooks run headless on a stored run, with papermill, and give a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamebook_lab.telemetry.sample_run import record_sample_run

ROOT = Path(__file__).resolve().parents[2]
papermill = pytest.importorskip("papermill")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    record_sample_run(folder, minutes=5)
    return folder


def execute(name, target, **parameters):
    return papermill.execute_notebook(
        ROOT / "notebooks" / name, target, parameters=parameters, kernel_name="python3", progress_bar=False, log_output=False
    )  # fmt: skip


@pytest.mark.filterwarnings("default")  # papermill's own
def test_report__of_a_stored_run(run, tmp_path):
    output = tmp_path / "report.html"
    done = execute("telemetry_report.ipynb", tmp_path / "done.ipynb", folder=str(run), since="5min", output=str(output))
    assert all(not cell.get("outputs") or cell["outputs"][0]["output_type"] != "error" for cell in done["cells"])
    text = output.read_text(encoding="utf-8")
    assert "Processor" in text
    assert "<script src" not in text


@pytest.mark.filterwarnings("default")
def test_dashboard__reads_a_stored_run_as_well(run, tmp_path):
    target = tmp_path / "done.ipynb"
    execute("dashboard.ipynb", target, folder=str(run), since="5min")
    text = target.read_text(encoding="utf-8")
    assert "cpu_host" in text
    assert "plotly-basic" not in text
