"""Each fault in short form: the job, the strike and the oracle are those of `fault_suite.py`."""

import pytest

from tests.parallel.fault_suite import FAULTS, Suite, make_pool


@pytest.fixture(scope="module")
def suite(tmp_path_factory, fault_tables):
    with make_pool() as pool:
        suite = Suite(pool, tmp_path_factory.mktemp("faults"), shard_seconds=0.05)
        yield suite
    fault_tables.append(suite.table())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault__no_harm_comes_of_it(suite, fault):
    suite.try_out(fault)
