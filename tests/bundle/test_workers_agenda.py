"""The order in which workers take units: each once, one alone at a time, and nobody waits in a circle."""

import time
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.bundle.workers import Agenda, Run
from handover.bundle.write.units import plan_units

A, B = True, False  # done alone, or beside others


def taken(agenda: Agenda, count: int) -> list[int | None]:
    """What one worker gets, doing one unit after another."""
    numbers = []
    for _ in range(count):
        number = agenda.take()
        numbers.append(number)
        if number is not None:
            agenda.done(number)
    return numbers


@pytest.mark.parametrize(
    ("alone", "room", "expected"),
    [
        pytest.param([B, B, B], True, [0, 1, 2, None], id="units of one kind come in order"),
        pytest.param([A, A], False, [0, 1, None], id="without room, units done alone come in their turn"),
        pytest.param([B, A, B, A], False, [0, 1, 2, 3, None], id="one worker without room takes everything in order"),
        pytest.param([B, A, B, A], True, [1, 3, 0, 2, None], id="with room, units done alone come first"),
        pytest.param([], True, [None], id="nothing to do"),
    ],
)
def test_one_worker_takes_every_unit_once(alone, room, expected):
    assert taken(Agenda(alone, lambda number: room), len(expected)) == expected


def test_while_one_worker_is_alone_others_take_what_needs_nobody_alone():
    agenda = Agenda([A, A, B, B], lambda number: True)
    assert agenda.take() == 0
    assert agenda.take() == 2
    assert agenda.take() == 3
    assert agenda.take() is None  # the unit 1 is for the worker who comes back from 0
    agenda.done(0)
    assert agenda.take() == 1


def test_room_is_asked_for_the_unit_that_would_run_ahead():
    asked = []
    agenda = Agenda([B, A, B, A], lambda number: asked.append(number) or number < 3)
    assert taken(agenda, 4) == [1, 0, 2, 3]
    assert asked == [1, 3, 3]  # and not of the unit whose turn it is


def test_a_unit_is_ahead_while_one_before_it_is_taken_by_nobody():
    agenda = Agenda([B, A, B, B, A], lambda number: True)
    assert agenda.take() == 1
    assert agenda.is_ahead(1)
    assert agenda.take() == 0
    assert not agenda.is_ahead(1)  # it may wait now: what it would wait for is in somebody's hands
    assert not agenda.is_ahead(0)
    agenda.done(1)
    assert agenda.take() == 4
    assert [agenda.take(), agenda.is_ahead(4), agenda.take(), agenda.is_ahead(4)] == [2, True, 3, False]


@given(
    alone=st.lists(st.booleans(), max_size=30),
    workers=st.integers(1, 5),
    data=st.data(),
)
def test_the_earliest_unfinished_unit_is_in_hands_or_comes_next(alone, workers, data):
    """What keeps the packer from waiting for ever, at any speed of any worker and with room at any moment."""
    agenda = Agenda(alone, lambda number: data.draw(st.booleans(), label=f"room for {number}"))
    hands: list[int | None] = [None] * workers
    gone: set[int] = set()
    unfinished = set(range(len(alone)))
    while unfinished:
        earliest = min(unfinished)
        # A worker waits for what comes before its unit, unless that is ahead of its turn: so these can always go on.
        can_go_on = [
            worker
            for worker in range(workers)
            if worker not in gone
            and (hands[worker] is None or hands[worker] == earliest or agenda.is_ahead(hands[worker]))
        ]
        assert can_go_on
        worker = data.draw(st.sampled_from(can_go_on), label="worker")
        number = hands[worker]
        if number is not None:
            unfinished.remove(number)
            agenda.done(number)
        hands[worker] = agenda.take()
        if hands[worker] is None:
            gone.add(worker)
        else:
            assert hands[worker] in unfinished
            assert hands.count(hands[worker]) == 1
            assert sum(alone[held] for held in hands if held is not None) <= 1
    assert agenda.take() is None


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("alone", [pytest.param([B] * 9, id="beside others"), pytest.param([A, B, B] * 3, id="mixed")])
def test_of_several_failures_the_earliest_units_is_raised(alone, workers):
    run: Run[int] = Run(alone)

    def do(number: int) -> int:
        run.check(number)
        if number in {2, 5, 6}:
            raise ValueError(number)
        return number

    with pytest.raises(ValueError, match=r"^2$"):
        run.results(lambda: nullcontext(do), workers)


@pytest.mark.parametrize("workers", [1, 3])
def test_an_interruption_stops_every_unit(workers):
    run: Run[int] = Run([B] * 9)
    begun: list[int] = []

    def do(number: int) -> int:
        begun.append(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.results(lambda: nullcontext(do), workers)
    assert len(begun) <= workers


@pytest.mark.parametrize("workers", [1, 4])
def test_results_come_in_order_and_units_to_be_done_alone_one_at_a_time(workers):
    inside, most = [0], [0]

    def do(number: int) -> int:
        if number % 2:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.001)  # another thread's chance to come in
            inside[0] -= 1
        return number * number

    run: Run[int] = Run([bool(number % 2) for number in range(20)])
    assert run.results(lambda: nullcontext(do), workers) == [number * number for number in range(20)]
    assert most == [1]


@pytest.mark.parametrize(
    ("sizes", "alone_below", "expected"),
    [
        pytest.param([10, 10], 100, [(2, False, True)], id="small files are a batch to be done alone"),
        pytest.param([200, 200], 100, [(2, False, False)], id="larger ones are a batch that others may accompany"),
        pytest.param(
            [9, 600_000, 9], 100, [(1, False, True), (1, True, False), (1, False, True)], id="a large one parts them"
        ),
        pytest.param([0] * 300, 1, [(256, False, True), (44, False, True)], id="a batch has at most 256 files"),
        pytest.param([500_000] * 5, 1, [(4, False, False), (1, False, False)], id="a batch has at most two mebibytes"),
    ],
)  # fmt: skip
def test_files_are_cut_into_units_by_their_sizes(sizes, alone_below, expected):
    units = list(plan_units([object()] * len(sizes), sizes, alone_below))
    assert [(len(unit.sources), unit.large, unit.alone) for unit in units] == expected
    assert sum(unit.size for unit in units) == sum(sizes)
    assert [unit.first for unit in units] == [sum(part[0] for part in expected[:at]) for at in range(len(expected))]
