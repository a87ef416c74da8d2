using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// What a router does of itself on each of its LANs while it is the querier there: it queries, and is a member of the routers' own group.
/// </summary>
public sealed class RouterDuties
{
    private readonly Dictionary<string, (Schedule Queries, Answers Answers)> lans;

    internal RouterDuties(Dictionary<string, (Schedule Queries, Answers Answers)> lans) => this.lans = lans;

    /// <summary>Its queries on a LAN.</summary>
    public Schedule OfQueries(string lan) => lans[lan].Queries;

    /// <summary>It queries no more on a LAN after this moment, as there is another querier.</summary>
    public RouterDuties NotQuerying(string lan, Moment since)
    {
        lans[lan].Queries.Until(since);
        return this;
    }

    /// <summary>It does nothing any more after this moment.</summary>
    public void End(Moment moment)
    {
        foreach (var (queries, answers) in lans.Values)
        {
            queries.Until(moment);
            answers.Until(moment);
        }
    }
}

/// <summary>The statement that a router does its duties.</summary>
public static class RouterDutiesStatement
{
    /// <summary>
    /// Expects a router that was started to query on each of its LANs (see <see cref="LabRun.ExpectGeneralQueries"/>), and to be a member
    /// of the routers' own group there (see <see cref="LabRun.ExpectMember"/>), until told otherwise.
    /// </summary>
    /// <param name="lab">The run.</param>
    /// <param name="router">The router.</param>
    /// <param name="start">When it was started.</param>
    /// <param name="answering">The General Queries that it answers as a member: all that it hears, if not given.</param>
    public static RouterDuties ExpectDuties(this LabRun lab, RouterNode router, Moment start, FramePattern? answering = null)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentNullException.ThrowIfNull(router);
        answering ??= GeneralQuery();
        return new RouterDuties(
            router.Lans.ToDictionary(
                lan => lan,
                lan => (lab.ExpectGeneralQueries(router, lan, start), lab.ExpectMember(router, lan, answering.On(lan), start))));
    }
}
