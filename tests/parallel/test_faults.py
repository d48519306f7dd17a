"""Each fault in short form: the job, the strike and the oracle are those of `fault_suite.py`."""

import pytest

from tests.parallel.fault_suite import FAULTS, Suite, make_pool


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    with make_pool() as pool:
        yield Suite(pool, tmp_path_factory.mktemp("faults"), shard_seconds=0.05)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault__no_harm_comes_of_it(suite, fault, record_property):
    n_known = len(suite.rows)
    try:
        suite.try_out(fault)
    finally:
        for row in suite.rows[n_known:]:
            record_property("fault", str(row))
