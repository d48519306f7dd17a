import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.errors import PoolError, QueueFullError
from gamebook_lab.parallel.queue import TaskQueue
from tests.patience import PATIENCE


def taken(queue):
    found = []
    while (task := queue.take()) is not None:
        found.append(task)
    return found


def filled(*tasks, bound=100):
    queue = TaskQueue(bound)
    for task, job, priority in tasks:
        queue.put(task, job=job, priority=priority)
    return queue


def test_take__higher_priority_first():
    queue = filled(("a1", "a", 0), ("a2", "a", 0), ("click", "", 10), ("late", "", -1))
    assert taken(queue) == ["click", "a1", "a2", "late"]


def test_take__jobs_take_turns():
    queue = filled(*((f"a{n}", "a", 0) for n in range(4)), ("b0", "b", 0), ("b1", "b", 0), ("c0", "c", 0))
    assert taken(queue) == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


def test_put_back__comes_first_in_its_job_and_ignores_the_bound():
    queue = filled(("a0", "a", 0), ("a1", "a", 0), bound=2)
    queue.put_back("again", job="a")
    assert len(queue) == 3
    assert taken(queue) == ["again", "a0", "a1"]


def test_pause__holds_a_job_and_resume_lets_it_go():
    queue = filled(("a0", "a", 5), ("b0", "b", 0))
    queue.pause("a")
    assert queue.paused() == {"a"}
    assert taken(queue) == ["b0"]
    queue.resume("a")
    assert taken(queue) == ["a0"]


def test_cancel__one_job_or_all():
    queue = filled(("a0", "a", 0), ("b0", "b", 0), ("a1", "a", 5))
    queue.pause("a")
    assert queue.cancel("a") == ["a1", "a0"]
    assert queue.paused() == frozenset()
    assert queue.cancel() == ["b0"]
    assert len(queue) == 0


def test_remove__one_task():
    queue = filled(("a0", "a", 0), ("a1", "a", 0))
    assert queue.remove("a0")
    assert not queue.remove("a0")
    assert taken(queue) == ["a1"]


def test_put__full_queue_refuses_or_waits_for_room():
    queue = filled(("a0", "a", 0), bound=1)
    with pytest.raises(QueueFullError, match="1 tasks wait already"):
        queue.put("a1", block=False)
    waiting = threading.Thread(target=queue.put, args=("a1",))
    waiting.start()
    assert queue.take() == "a0"
    waiting.join(PATIENCE)
    assert queue.take() == "a1"


def test_close__wakes_who_waits_and_gives_what_was_left():
    queue = filled(("a0", "a", 0), bound=1)
    errors = []

    def put():
        try:
            queue.put("a1")
        except PoolError as error:
            errors.append(error)

    waiting = threading.Thread(target=put)
    waiting.start()
    assert queue.close() == ["a0"]
    waiting.join(PATIENCE)
    assert "closed" in str(errors[0])


def test_queue__bad_bound():
    with pytest.raises(ValueError, match="at least 1 task"):
        TaskQueue(0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-2, 2))))
def test_take__gives_each_once_by_priority_and_in_the_order_of_its_job(rows):
    queue = filled(*((number, job, priority) for number, (job, priority) in enumerate(rows)), bound=1_000)
    order = taken(queue)
    assert sorted(order) == list(range(len(rows)))
    priorities = [rows[number][1] for number in order]
    assert priorities == sorted(priorities, reverse=True)
    for row in set(rows):
        own = [number for number in order if rows[number] == row]
        assert own == sorted(own)


def test_queue__many_threads_lose_and_double_nothing():
    queue = TaskQueue(10)
    found = []
    lock = threading.Lock()
    n_tasks, n_threads = 500, 4
    done = threading.Event()

    def put(start):
        for number in range(start, n_tasks, n_threads):
            queue.put(number, job=str(number % 7))

    def take():
        while not done.is_set():
            if (task := queue.take()) is not None:
                with lock:
                    found.append(task)
                    if len(found) == n_tasks:
                        done.set()

    threads = [threading.Thread(target=put, args=(start,)) for start in range(n_threads)]
    threads += [threading.Thread(target=take) for _ in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(found) == list(range(n_tasks))
