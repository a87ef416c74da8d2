using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>What a router asks of a message before the protocol sees it: one table per protocol; a drop carries its reason.</summary>
/// <remarks>
/// IGMP leaves Router Alert and the sender's subnet to policy (RFC 9776 §9); MLD demands both, and a hop limit of 1 (RFC 9777 §6.2, §7.4):
/// its rules go into a table of their own.
/// </remarks>
internal sealed class Acceptance
{
    private readonly Rule[] rules;

    private Acceptance(params Rule[] rules) => this.rules = rules;

    /// <summary>IGMP, in the router's role.</summary>
    public static Acceptance Igmp { get; } = new(
        new(DropReason.OwnQuery, Of.Queries, static (in Envelope envelope, Address own, RouterSettings _) => envelope.Source == own && !own.IsUnspecified),
        new(DropReason.RouterAlertMissing, Of.Both, static (in Envelope envelope, Address _, RouterSettings settings) =>
            settings.RequireRouterAlert && !envelope.RouterAlert),
        // §4.2.14, §9.2: a report from 0.0.0.0 is taken on any interface; a query from there never elects anybody (RFC 4541 §2.1.1).
        new(DropReason.OffLinkSource, Of.Both, static (in Envelope envelope, Address _, RouterSettings settings) =>
            settings.AcceptedSenders.Count > 0 && !envelope.Source.IsUnspecified && !IsWithin(settings.AcceptedSenders, envelope.Source)));

    /// <summary>Whether a query is refused, and why.</summary>
    public DropReason? RefusesQuery(in Envelope envelope, Address own, RouterSettings settings) => Refuses(Of.Queries, envelope, own, settings);

    /// <summary>Whether a report is refused, and why.</summary>
    public DropReason? RefusesReport(in Envelope envelope, Address own, RouterSettings settings) => Refuses(Of.Reports, envelope, own, settings);

    private DropReason? Refuses(Of kind, in Envelope envelope, Address own, RouterSettings settings)
    {
        foreach (var rule in rules)
        {
            if ((rule.Of & kind) != 0 && rule.Refuses(envelope, own, settings))
                return rule.Reason;
        }

        return null;
    }

    private static bool IsWithin(IReadOnlyList<Prefix> subnets, Address address)
    {
        for (var i = 0; i < subnets.Count; i++)
        {
            if (subnets[i].Contains(address))
                return true;
        }

        return false;
    }

    private delegate bool Refusal(in Envelope envelope, Address own, RouterSettings settings);

    private readonly record struct Rule(DropReason Reason, Of Of, Refusal Refuses);

    [Flags]
    private enum Of
    {
        Queries = 1,
        Reports = 2,
        Both = Queries | Reports,
    }
}
