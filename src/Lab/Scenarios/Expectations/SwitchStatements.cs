using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>What is said of a switch by the copies that it has sent of its neighbours' messages.</summary>
internal static class SwitchStatements
{
    /// <summary>
    /// States where a switch has sent all messages of a kind, each as it was: to each LAN of some, and to none of others.
    /// </summary>
    /// <param name="lab">The run.</param>
    /// <param name="through">The switch.</param>
    /// <param name="pattern">Which messages.</param>
    /// <param name="since">From when on; those of the last moment, which may be on their way, do not count.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="notTo">Where they do not go. Elsewhere they may.</param>
    /// <param name="shows">The requirement that this shows.</param>
    public static Task CheckPassed(
        this LabRun lab, LabNode through, FramePattern pattern, Moment since, string[] to, string[] notTo, string shows)
    {
        var end = lab.Now.At - lab.Tolerance;
        var sent = lab.All(pattern, since).Where(each => each.At <= end).ToList();
        var copies = lab.SeenSoFar().Where(each => each.Frame.Node == through.Name).ToList();
        var wrong = sent.Count == 0 ? "none was sent" : sent.Select(Wrong).FirstOrDefault(each => each is not null);
        return lab.Check(
            through.Name,
            $"{pattern} goes to LAN {string.Join(", ", to)}{(notTo.Length > 0 ? $" and not to {string.Join(", ", notTo)}" : "")}",
            [shows], wrong);

        string? Wrong(SeenFrame each)
        {
            var lans = copies.Where(copy => copy.IsCopyOf(each, through.Name)).Select(copy => copy.Frame.Lan).ToHashSet();
            if (Array.Find(to, lan => !lans.Contains(lan)) is { } missing)
                return $"frame {each.Number} did not come to LAN {missing}";
            return Array.Find(notTo, lans.Contains) is { } wrongly ? $"frame {each.Number} came to LAN {wrongly}" : null;
        }
    }

    /// <summary>
    /// Lets the start-up queries of a router that was just started pass, and the time for their answers: until then a switch may send all
    /// that it gets to everybody.
    /// </summary>
    public static Task PassQueryResponses(this LabRun lab) => lab.Pass(
        (lab.Timing.StartupQueryInterval * lab.Timing.StartupQueryCount) + lab.Timing.QueryResponseInterval + lab.Tolerance);

    /// <summary>Lets time pass until just before a router sends its next General Query.</summary>
    public static Task PassUntilAsked(this LabRun lab, RouterNode router) => lab.Pass(
        lab.Last(Messages.GeneralQuery().From(router)).At + lab.Timing.QueryInterval - lab.Tolerance - lab.Now.At);
}
