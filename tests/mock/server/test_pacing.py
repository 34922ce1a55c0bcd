from dataclasses import dataclass, field
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.kernel import MILLISECOND, SECOND, Kernel, Time
from podlab.mock.server.pacing import DOUBLING_NS, READING_NS, Given, Pacer
from podlab.mock.server.waits import RULES, Kind, Pace

UNIX_AT_START = 1_800_000_000 * SECOND


@dataclass
class Wall:
    """A wall clock that moves when it is told to, and by `step_ns` whenever somebody looks."""

    now_ns: int = 5_000 * SECOND
    set_by_ns: int = 0
    step_ns: int = 0
    start_ns: int = field(init=False)

    def __post_init__(self) -> None:
        self.start_ns = self.now_ns

    def read(self) -> int:
        self.now_ns += self.step_ns
        return self.now_ns

    def unix(self) -> int:
        return UNIX_AT_START + self.now_ns - self.start_ns + self.set_by_ns


class World:
    """A kernel, its pacer, and what happened: the simulated seconds of each event."""

    def __init__(self, pace: Pace, slice_ns: int = 8 * MILLISECOND) -> None:
        self.kernel = Kernel()
        self.wall = Wall()
        self.pacer = Pacer(self.kernel, pace, wall=self.wall.read, unix=self.wall.unix, slice_ns=slice_ns)
        self.happened: list[float] = []

    def at(self, *seconds: float) -> None:
        for second in seconds:
            self.kernel.call_at(int(second * SECOND), self.happen)

    def happen(self) -> None:
        self.happened.append(self.kernel.now_ns / SECOND)

    def every(self, seconds: float) -> None:
        def again() -> None:
            self.happen()
            self.kernel.call_after(int(seconds * SECOND), again)

        self.kernel.call_after(int(seconds * SECOND), again)

    def pass_wall(self, seconds: float) -> None:
        """Lets wall time pass, as the server does: sleeping as long as the pacer says."""
        end_ns = self.wall.now_ns + int(seconds * SECOND)
        for _ in range(10_000):
            delay_ns = self.pacer.turn()
            if delay_ns is None or self.wall.now_ns + delay_ns > end_ns:
                break
            self.wall.now_ns += delay_ns
        self.wall.now_ns = end_ns
        self.pacer.turn()

    @property
    def rendered_now_ns(self) -> int:
        return self.kernel.epoch_ns + self.kernel.now_ns


def live() -> World:
    return World(Pace.LIVE)


def virtual() -> World:
    return World(Pace.VIRTUAL)


def test_live_time_follows_the_wall_clock():
    world = live()
    world.at(1, 2, 3)
    world.pass_wall(2.5)
    assert world.happened == [1, 2]
    assert world.kernel.now_ns == 2.5 * SECOND
    assert world.rendered_now_ns == world.wall.unix()


def test_an_idle_mock_sleeps_until_the_next_event():
    world = live()
    world.at(7)
    assert world.pacer.turn() == 7 * SECOND
    assert live().pacer.turn() is None


def test_live_present_moves_the_clock_between_events():
    world = live()
    world.at(10)
    world.wall.now_ns += 4 * SECOND
    world.pacer.present()
    assert world.kernel.now_ns == 4 * SECOND


def test_live_present_does_not_pass_what_is_due():
    world = live()
    world.at(0.1)
    world.wall.now_ns += int(0.2 * SECOND)
    world.pacer.present()
    assert world.happened == []
    assert world.kernel.now_ns <= 0.1 * SECOND


def test_a_condition_lets_live_time_jump_and_keeps_the_rendered_now():
    world = live()
    wait = world.pacer.wait(Kind.CONDITION)
    world.kernel.call_at(300 * SECOND, wait.output)
    world.at(100, 400)
    world.pacer.turn()
    assert world.happened == [100]
    assert world.kernel.now_ns == 300 * SECOND
    assert world.rendered_now_ns == world.wall.unix()


@pytest.mark.parametrize("jumps", [[0.3] * 7, [0.999, 0.002], [12.5, 0.25, 3.75], [7.0, 61.001]])
def test_moments_lie_equally_far_apart_whenever_they_are_rendered_and_never_in_the_future(jumps: list[float]) -> None:
    world = live()
    early, late = Time(int(0.4 * SECOND)), Time(int(1.5 * SECOND))
    seen = set()
    for jump in jumps:
        wait = world.pacer.wait(Kind.CONDITION)
        world.kernel.call_after(int(jump * SECOND), wait.close)
        world.pacer.turn()
        now = datetime.fromisoformat(Time(world.kernel.now_ns).render(world.kernel.epoch_ns))
        assert -1 <= now.timestamp() - world.wall.unix() // SECOND <= 0
        moments = [datetime.fromisoformat(time.render(world.kernel.epoch_ns)) for time in (early, late)]
        seen.add(moments[1] - moments[0])
        world.pass_wall(0.7)
    assert len(seen) == 1


def test_no_jump_while_the_client_reads_and_on_when_it_waits_again():
    world = live()
    wait = world.pacer.wait(Kind.CONDITION)
    world.kernel.call_at(300 * SECOND, wait.output)
    world.at(301)
    assert world.pacer.turn() == READING_NS
    assert world.happened == []
    world.wall.now_ns += READING_NS
    world.pacer.turn()
    assert world.happened == [301]


@pytest.mark.parametrize("pace", Pace)
def test_the_further_a_jump_leads_the_longer_must_the_client_have_been_silent(pace):
    world = World(pace)
    wait = world.pacer.wait(Kind.CONDITION)
    world.kernel.call_at(10 * SECOND, wait.output)
    world.at(12, 74)
    assert world.pacer.turn() == READING_NS + DOUBLING_NS
    world.wall.now_ns += READING_NS + DOUBLING_NS
    assert world.pacer.turn() == 5 * DOUBLING_NS
    assert world.happened == [12]
    world.wall.now_ns += 5 * DOUBLING_NS
    world.pacer.turn()
    assert world.happened == [12, 74]


@pytest.mark.parametrize("pace", Pace)
def test_a_watch_of_kubectl_does_not_end_within_a_second_on_the_wall(pace):
    world = World(pace)
    world.pacer.wait(Kind.CONDITION, None, (300 * SECOND - 1, SECOND))
    world.at(299, 300)
    assert world.pacer.turn() == SECOND
    assert world.happened == [299]
    world.wall.now_ns += SECOND
    world.pacer.turn()
    assert world.happened == [299, 300]


@given(st.integers(0, 10**14), st.integers(0, 10**9))
def test_a_jump_is_allowed_when_it_is_said_to_be(ahead_ns, start_ns):
    given_at = Given(start_ns, 7)
    wall_ns = given_at.allowed_at_ns(start_ns + ahead_ns)
    assert given_at.allows_ns(wall_ns) >= start_ns + ahead_ns
    assert ahead_ns == 0 or given_at.allows_ns(wall_ns - 1) < start_ns + ahead_ns


def test_time_flows_on_the_wall_while_a_client_reads():
    world = live()
    wait = world.pacer.wait(Kind.CONDITION)
    world.kernel.call_at(300 * SECOND, wait.output)
    world.at(300.01)
    world.pacer.turn()
    world.wall.now_ns += 20 * MILLISECOND
    world.pacer.turn()
    assert world.happened == [300.01]


def test_a_client_that_closes_after_its_event_stops_the_jumping():
    world = live()
    wait = world.pacer.wait(Kind.CONDITION)
    world.kernel.call_at(300 * SECOND, wait.output)
    world.at(400)
    world.pacer.turn()
    wait.close()
    world.pass_wall(1)
    assert world.happened == []
    assert world.kernel.now_ns == 301 * SECOND


def test_one_reading_client_holds_the_jumps_of_all():
    world = live()
    reader, waiter = world.pacer.wait(Kind.CONDITION), world.pacer.wait(Kind.CONDITION)
    world.kernel.call_at(5 * SECOND, reader.output)
    world.at(10)
    world.pacer.turn()
    assert world.happened == []
    reader.close()
    world.pacer.turn()
    assert world.happened == [10]
    assert not waiter.over


def test_a_first_event_ends_its_wait_at_its_instant():
    world = virtual()
    wait = world.pacer.wait(Kind.FIRST)
    world.kernel.call_at(9 * SECOND, wait.output)
    world.at(3, 9.5)
    assert world.pacer.turn() is None
    assert wait.over
    assert world.happened == [3]
    assert world.kernel.now_ns == 9 * SECOND


@pytest.mark.parametrize("pace", Pace)
def test_an_advance_goes_on_past_events(pace):
    world = World(pace)
    wait = world.pacer.wait(Kind.ADVANCE)
    world.kernel.call_at(2 * SECOND, wait.output)
    world.kernel.call_at(60 * SECOND, wait.close)
    world.at(1, 30, 61)
    world.pacer.turn()
    assert world.happened == [1, 30]
    assert world.kernel.now_ns == 60 * SECOND


@pytest.mark.parametrize("pace", Pace)
def test_a_jump_never_passes_the_waits_limit(pace):
    world = World(pace)
    world.pacer.wait(Kind.CONDITION, 100 * SECOND)
    world.at(99, 101)
    world.pacer.turn()
    assert world.happened == [99]


def test_a_spent_wait_lets_live_time_flow():
    world = live()
    world.pacer.wait(Kind.CONDITION, 100 * SECOND)
    world.at(100, 102)
    world.pacer.turn()
    assert world.happened == [100]
    world.pass_wall(3)
    assert world.happened == [100, 102]


def test_virtual_time_stands_still_while_nobody_waits():
    world = virtual()
    epoch_ns = world.kernel.epoch_ns
    world.at(0, 1)
    world.pass_wall(3600)
    assert world.happened == [0]
    assert world.kernel.now_ns == 0
    assert world.kernel.epoch_ns == epoch_ns


def test_virtual_present_finishes_the_instant():
    world = virtual()
    world.kernel.call_soon(lambda: world.kernel.call_soon(world.happen))
    world.at(1)
    world.pacer.present()
    assert world.happened == [0]


def test_virtual_time_jumps_for_an_answer_and_stops_with_it():
    world = virtual()
    epoch_ns = world.kernel.epoch_ns
    wait = world.pacer.wait(Kind.ANSWER)
    world.kernel.call_at(5 * SECOND, wait.close)
    world.at(4, 6)
    world.pacer.turn()
    assert world.happened == [4]
    assert world.kernel.now_ns == 5 * SECOND
    assert world.kernel.epoch_ns == epoch_ns


def test_live_time_flows_for_an_answer():
    world = live()
    world.pacer.wait(Kind.ANSWER)
    world.at(5)
    assert world.pacer.turn() == 5 * SECOND


def test_a_talk_lets_virtual_time_follow_the_wall_from_where_it_stands():
    world = virtual()
    world.at(2, 50)
    world.wall.now_ns += 1000 * SECOND
    wait = world.pacer.wait(Kind.TALK)
    world.pass_wall(3)
    assert world.happened == [2]
    wait.become(Kind.ANSWER)
    world.pacer.turn()
    assert world.happened == [2, 50]


def test_input_holds_virtual_time_until_it_has_ended():
    world = virtual()
    wait = world.pacer.wait(Kind.INPUT)
    world.at(1)
    world.pass_wall(10)
    assert world.happened == []
    wait.become(Kind.RESULT)
    world.pacer.turn()
    assert world.happened == [1]


def test_a_busy_mock_falls_behind_instead_of_bursting():
    world = live()
    world.every(0.01)
    world.wall.step_ns = 20 * MILLISECOND  # an event takes longer than the time until the next
    turns = 200
    for _ in range(turns):
        assert world.pacer.turn() == 0
    assert len(world.happened) <= 2 * turns
    assert world.kernel.now_ns < (world.wall.now_ns - world.wall.start_ns) / 2
    world.wall.step_ns = 0
    assert 0 <= world.wall.unix() - world.rendered_now_ns < 2 * SECOND


def test_a_machine_that_slept_does_not_burst():
    world = live()
    world.every(1)
    world.pass_wall(2)
    world.wall.now_ns += 3600 * SECOND
    world.pass_wall(2)
    assert len(world.happened) <= 6
    assert 0 <= world.wall.unix() - world.rendered_now_ns < 2 * SECOND


def test_a_clock_that_is_set_moves_the_rendered_now():
    world = live()
    world.wall.set_by_ns = -7200 * SECOND
    world.pacer.present()
    assert world.rendered_now_ns == world.wall.unix()


def test_a_slice_ends_when_its_time_is_over():
    world = virtual()
    world.pacer.wait(Kind.ADVANCE)
    world.every(1)
    world.wall.step_ns = MILLISECOND
    assert world.pacer.turn() == 0
    assert 1 <= len(world.happened) <= 8


def test_a_crashing_event_is_told_and_the_rest_goes_on():
    world = live()
    crashes: list[Exception] = []
    world.pacer.on_crash = crashes.append
    world.kernel.call_at(0, lambda: 1 // 0)
    world.at(0)
    world.pacer.turn()
    assert [type(crash) for crash in crashes] == [ZeroDivisionError]
    assert world.happened == [0]


def test_every_kind_has_a_rule():
    assert set(RULES) == set(Kind)


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("event"), st.floats(0, 100)),
        st.tuples(st.just("wait"), st.sampled_from(Kind)),
        st.tuples(st.just("output"), st.integers(0, 5)),
        st.tuples(st.just("close"), st.integers(0, 5)),
        st.tuples(st.just("wall"), st.floats(0, 20)),
    ),
    max_size=30,
)


@given(OPERATIONS, st.sampled_from(Pace))
def test_time_never_goes_back_and_now_is_the_readers_now(operations, pace):
    world = World(pace)
    waits = []
    last_ns = 0
    for name, value in operations:
        if name == "event":
            world.kernel.call_after(int(value * SECOND), world.happen)
        elif name == "wait":
            waits.append(world.pacer.wait(value))
        elif name == "wall":
            world.pass_wall(value)
        elif waits:
            getattr(waits[value % len(waits)], name)()
        world.pacer.present()
        world.pacer.turn()
        assert world.kernel.now_ns >= last_ns
        last_ns = world.kernel.now_ns
        if pace is Pace.LIVE:
            assert abs(world.rendered_now_ns - world.wall.unix()) < 2 * SECOND
    assert world.happened == sorted(world.happened)
