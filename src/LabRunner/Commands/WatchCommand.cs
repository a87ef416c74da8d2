using System.CommandLine;
using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.State;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Running;
using MulticastLab.Packets;
using Spectre.Console;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner watch</c>: a live table on a terminal, lines in a pipe, JSON lines with <c>--json</c>.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    public static Command Create(Terminal terminal)
    {
        var lan = Common.Lan();
        var all = new Option<bool>("--all") { Description = "All frames, not only IGMP, and the switches' copies of them" };
        var duration = Duration.Option();
        var lab = LabSelection.Option();
        var json = Common.Json("JSON lines on standard output: an object with frame for each message, one with state whenever it has "
            + "changed");
        return new Command("watch", "Show timers and messages of a running lab, "
            + "live") { lan, all, duration, lab, json }.Does(terminal, async (parsed, cancellation) =>
        {
            var record = LabSelection.Enter(parsed.GetValue(lab));
            Common.CheckLan(record, parsed.GetValue(lan));
            var running = await RealEngine.Attach(record, cancellation).ConfigureAwait(false);
            await using (running.ConfigureAwait(false))
            {
                using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                if (parsed.GetValue(duration) is { } time)
                    limited.CancelAfter(time);
                var feed = new Feed(running, parsed.GetValue(lan), parsed.GetValue(all));
                try
                {
                    if (parsed.GetValue(json))
                    {
                        await WriteLines(
                            feed, frame => terminal.WriteJsonLine(frame.WriteTo), state => WriteState(terminal, state), limited.Token,
                                cancellation)
                            .ConfigureAwait(false);
                    }
                    else if (terminal is { Moves: true, Rich: { } rich })
                        await Draw(rich, feed, limited.Token, cancellation).ConfigureAwait(false);
                    else
                    {
                        await WriteLines(
                            feed, frame => terminal.Write(frame.ToMarkup()), new Changes(terminal).Write, limited.Token, cancellation)
                            .ConfigureAwait(false);
                    }
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    // The given time is over.
                }
            }

            return ExitCode.Ok;
        });
    }

    // Both ask for the state at least once, however short the time is and however slow the answer: only the pause ends with the time.
    private static async Task Draw(IAnsiConsole rich, Feed feed, CancellationToken end, CancellationToken cancellation)
    {
        var messages = new List<string>();
        await rich.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(Redraw, TimeProvider.System);
            do
            {
                messages.AddRange(feed.Read().Select(frame => frame.ToMarkup()));
                var state = await LabSnapshot.Take(feed.Lab, cancellation).ConfigureAwait(false);
                live.UpdateTarget(LiveView.Draw(feed.Lab.Id, state, messages, rich.Profile.Height));
            }
            while (await timer.WaitForNextTickAsync(end).ConfigureAwait(false));
        }).ConfigureAwait(false);
    }

    private static async Task WriteLines(
        Feed feed, Action<WatchedFrame> write, Action<LabSnapshot> writeState, CancellationToken end, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Redraw, TimeProvider.System);
        // First the present state, then what happens: the messages, and their effects on it.
        var state = await LabSnapshot.Take(feed.Lab, cancellation).ConfigureAwait(false);
        writeState(state);
        var known = state.Facts();
        while (await timer.WaitForNextTickAsync(end).ConfigureAwait(false))
        {
            foreach (var frame in feed.Read())
                write(frame);
            state = await LabSnapshot.Take(feed.Lab, cancellation).ConfigureAwait(false);
            var facts = state.Facts();
            if (!facts.SequenceEqual(known))
                writeState(state);
            known = facts;
        }
    }

    // By hand: the names are the nodes', and what a router knows has another shape than what a host does.
    private static void WriteState(Terminal terminal, LabSnapshot state) => terminal.WriteJsonLine(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("state");
        foreach (var (node, known) in state.Routers)
        {
            json.WritePropertyName(node);
            RouterStateJson.Write(json, known);
        }

        foreach (var (node, groups) in state.Hosts)
        {
            json.WritePropertyName(node);
            JsonSerializer.Serialize(json, LabStates.Documents(groups), DocumentContext.Default.IEnumerableHostGroupDocument);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Writes the facts that have become true and those that no longer are.</summary>
    private sealed class Changes(Terminal terminal)
    {
        private IReadOnlyList<string> known = [];

        public void Write(LabSnapshot state)
        {
            var facts = state.Facts();
            foreach (var gone in known.Except(facts))
                terminal.Write($"[red]- {OutsideText.Markup(gone)}[/]");
            foreach (var come in facts.Except(known))
                terminal.Write($"[green]+ {OutsideText.Markup(come)}[/]");
            known = facts;
            terminal.Out.Flush();
        }
    }

    /// <summary>The frames that the user wants to see.</summary>
    private sealed class Feed(IRunningLab lab, string? lan, bool all)
    {
        private readonly HashSet<string> switches =
            [.. lab.Topology.Nodes.Where(node => node.Kind == NodeKind.Switch).Select(node => node.Name)];

        private readonly Instant start = lab.Now;
        private int seen;

        public IRunningLab Lab => lab;

        public IEnumerable<WatchedFrame> Read()
        {
            for (var frames = lab.Frames; seen < frames.Count;)
            {
                var frame = frames[seen++];
                if ((lan is not null && frame.Lan != lan) || (!all && lan is null && switches.Contains(frame.Node)))
                    continue;
                var watched = new WatchedFrame(frame, start);
                if (all || watched.IsIgmp)
                    yield return watched;
            }
        }
    }
}
