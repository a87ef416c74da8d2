using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Running;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>
/// What makes a run pass: it went to its end, its capture has no gap, and everything that was expected was judged and held.
/// </summary>
public sealed class VerdictTests
{
    private static readonly Address G = Address.Parse("239.1.1.1");

    [Fact]
    public async Task A_run_in_which_all_is_as_expected_passes()
    {
        var result = await Play(RouterStarts);

        result.Passed.Should().BeTrue("{0}", result.Describe());
        result.Expectations.Should().HaveCount(7).And.OnlyContain(each => each.Judged);
        result.IsInconclusive.Should().BeFalse();
        result.Describe().Should().Be("made-up (simulated): passed, 7 expectations");
    }

    [Fact]
    public async Task A_run_whose_commands_need_a_frame_that_never_came_does_not_pass()
    {
        var result = await Play(async lab =>
        {
            await RouterStarts(lab);
            lab.Last(Messages.GeneralQuery().From(lab.Host("h1")));
        });

        result.Failures.Should().BeEmpty();
        result.Aborted.Should().Be("There was no frame like this: General Query from h1.");
        result.Passed.Should().BeFalse();
        result
            .Describe()
            .Should()
            .StartWith("made-up (simulated): failed, 0 of 7 expectations")
            .And.Contain("The run ended early: There was no frame");
    }

    [Fact]
    public async Task Nor_does_one_that_ended_before_it_expected_anything()
    {
        var result = await Play(lab =>
        {
            lab.Last(Messages.AnyMessage());
            return Task.CompletedTask;
        });

        (result.Expectations.Count, result.Failures.Count, result.Passed).Should().Be((0, 0, false));
    }

    [Fact]
    public async Task A_run_that_waits_for_a_state_in_vain_ends_there()
    {
        var went = false;
        var result = await Play(async lab =>
        {
            await RouterStarts(lab);
            await lab.Router("r1").Until(state => state.Group(G).IsExclude(), within: 3.Seconds());
            went = true;
        });

        went.Should().BeFalse();
        result.Failures.Should().ContainSingle().Which.Expected.Should().Be("state of r1: Group(G).IsExclude(), within 3 s");
        result.Aborted.Should().Contain("r1 did not come to the state");
        result.Passed.Should().BeFalse();
    }

    [Fact]
    public async Task A_state_that_is_not_so_fails_the_run_which_goes_on()
    {
        var went = false;
        var result = await Play(async lab =>
        {
            await RouterStarts(lab);
            await lab.Router("r1").Check(state => !state.IsQuerier());
            went = true;
        });

        went.Should().BeTrue();
        result.Failures.Should().ContainSingle().Which.Problems.Should().ContainSingle().Which.Text.Should().Be("it is not so");
        result.Aborted.Should().BeNull();
        result.Passed.Should().BeFalse();
    }

    [Fact]
    public async Task A_message_that_nobody_expected_fails_the_run()
    {
        var result = await Play(async lab =>
        {
            await RouterStarts(lab);
            await lab.Host("h1").Join(G);
            await lab.PassRepetitions();
        });

        result
            .Failures.Should()
            .ContainSingle()
            .Which.Problems.Select(each => each.Text)
            .Should()
            .HaveCount(2, "the report is repeated once")
            .And.OnlyContain(text => text.StartsWith("h1 has sent this: ", StringComparison.Ordinal));
        result.Passed.Should().BeFalse();
    }

    [Fact]
    public async Task A_run_whose_capture_lost_a_frame_is_void()
    {
        var result = await Play(RouterStarts, new ShowingEngine(lost: 1, disturbances: []));

        result.Failures.Should().BeEmpty();
        result.FramesLost.Should().Be(1);
        result.Passed.Should().BeFalse();
        result.Describe().Should().Contain("The capture lost 1 frames: the run is void.");
        result.IsInconclusive.Should().BeFalse("nothing disturbed it");
    }

    [Fact]
    public async Task A_run_that_failed_on_a_machine_that_stood_still_says_nothing_and_one_that_passed_there_has_passed()
    {
        var still = new Disturbance(Instant.Epoch + 2.Seconds(), 1.Seconds(), "the clock stood still");

        var passed = await Play(RouterStarts, new ShowingEngine(lost: 0, [still]));
        (passed.Passed, passed.IsInconclusive).Should().Be((true, false));

        var failed = await Play(lab => lab.Router("r1").Start(), new ShowingEngine(lost: 1, [still]));
        (failed.Passed, failed.IsInconclusive).Should().Be((false, true));
        failed.Describe().Should().StartWith("made-up (simulated): inconclusive, ").And.Contain("Inconclusive")
            .And.Contain("at 2.00 s for 1.00 s: the clock stood still");
        RunText.Of(failed).Should().Contain("\nINCONCLUSIVE\n");
    }

    [Fact]
    public async Task A_requirement_that_failed_where_the_run_says_nothing_is_inconclusive_as_well()
    {
        const string Shown = "V3-M-4-02";
        var still = new Disturbance(Instant.Epoch + 2.Seconds(), 1.Seconds(), "the clock stood still");
        var failed = await Play(async lab =>
        {
            await RouterStarts(lab);
            lab.ExpectNone(Messages.AnyQuery(), lab.Now).Shows(Shown);
            await lab.Pass(lab.Timing.QueryInterval * 2);
        });

        VerdictIn(failed).Should().Be(Verdict.Fail);
        VerdictIn(failed with { Disturbances = [still] }).Should().Be(Verdict.Inconclusive);

        static Verdict? VerdictIn(ScenarioResult result) =>
            RequirementVerdict
                .Of(result with { Scenario = result.Scenario with { Requirements = [RequirementCatalog.Get(Shown)] } })
                .Should()
                .ContainSingle()
                .Which.Verdict;
    }

    [Fact]
    public async Task What_was_expected_and_never_judged_has_not_passed()
    {
        var result = await Play(RouterStarts);

        (result with { Expectations = [.. result.Expectations, new Absence(Messages.AnyQuery(), ExpectationBench.Start)] })
            .Passed.Should()
            .BeFalse();
    }

    /// <summary>r1 alone on its LANs, with all that it says; 7 expectations.</summary>
    private static async Task RouterStarts(LabRun lab)
    {
        var r1 = lab.Router("r1");
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);
        await lab.Step("The router starts");
        var start = await r1.Start();
        foreach (var lan in r1.Description.Interfaces.Select(each => each.Lan))
        {
            lab.ExpectGeneralQueries(r1, lan, since: start);
            lab.ExpectMember(r1, lan, to: Messages.GeneralQuery().On(lan), start);
        }

        await lab.Pass(lab.Timing.StartupQueryInterval * lab.Timing.StartupQueryCount);
    }

    private static Task<ScenarioResult> Play(Func<LabRun, Task> play, ILabEngine? engine = null) =>
        ScenarioRunner.Run(
            ScenarioCatalog.Describe(typeof(MadeUp)), new MadeUp(play),
            TopologyReader.Read(Path.Combine(Repository.Root, "topologies", "leave-with-gsq")), engine ?? new SimulatedEngine(),
            new RunOptions(), TestContext.Current.CancellationToken);

    [Scenario("made-up", ScenarioTheme.Hosts, "What a test wants to be played.")]
    private sealed class MadeUp(Func<LabRun, Task> play) : Scenario
    {
        public override MulticastLab.Membership.Timing ShortTiming => MulticastLab.Membership.Timing.Default;

        public override Task Play(LabRun lab) => play(lab);
    }

    /// <summary>Makes simulated labs that say of themselves what a lab of real packets may have to say.</summary>
    private sealed class ShowingEngine(long lost, IReadOnlyList<Disturbance> disturbances) : ILabEngine
    {
        private readonly SimulatedEngine simulated = new();

        public string Name => simulated.Name;

        public EngineCapabilities Capabilities => simulated.Capabilities;

        public Unfitness? Check() => simulated.Check();

        public void Enter() => simulated.Enter();

        public async Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation)
        {
            var lab = DispatchProxy.Create<IRunningLab, ShowingLab>();
            ((ShowingLab)(object)lab).Says(await simulated.Up(topology, options, cancellation), lost, disturbances);
            return lab;
        }
    }

    [SuppressMessage("Performance", "CA1852", Justification = "The proxy that is made at run time derives from it.")]
    private class ShowingLab : DispatchProxy
    {
        private IRunningLab? lab;
        private long lost;
        private IReadOnlyList<Disturbance> disturbances = [];

        public void Says(IRunningLab running, long framesLost, IReadOnlyList<Disturbance> disturbed) =>
            (lab, lost, disturbances) = (running, framesLost, disturbed);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            $"get_{nameof(IRunningLab.FramesLost)}" => lost,
            $"get_{nameof(IRunningLab.Disturbances)}" => disturbances,
            _ => targetMethod.Invoke(lab, args),
        };
    }
}
