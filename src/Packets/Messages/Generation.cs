namespace MulticastLab.Packets;

/// <summary>
/// What a version of IGMP or MLD can express. The versions of the two protocols have different numbers for the same three steps: what
/// IGMPv2 and MLDv1 can do is the same, and so is what IGMPv3 and MLDv2 can do. In order: a later generation can do all that an earlier one
/// can.
/// </summary>
public enum Generation
{
    /// <summary>Queries to all hosts, and reports of whole groups: IGMPv1 (RFC 1112, Appendix I). MLD has no such version.</summary>
    Reports,

    /// <summary>
    /// Besides these leaves, queries about one group, and an election of the querier: IGMPv2 (RFC 2236), MLDv1 (RFC 2710).
    /// </summary>
    Leaves,

    /// <summary>Besides these sources, and the querier's own variables in its queries: IGMPv3 (RFC 9776), MLDv2 (RFC 9777).</summary>
    Sources,
}

/// <summary>What each <see cref="Generation"/> can do.</summary>
public static class GenerationAbilities
{
    extension(Generation generation)
    {
        /// <summary>Whether there are queries about one group. Without them every query has the same response time.</summary>
        public bool HasSpecificQueries => generation >= Generation.Leaves;

        /// <summary>Whether a host can announce that it leaves a group.</summary>
        public bool HasLeaves => generation >= Generation.Leaves;

        /// <summary>Whether routers elect one of them as querier.</summary>
        public bool HasElection => generation >= Generation.Leaves;

        /// <summary>Whether queries and reports name sources, and queries have the S flag, QRV and QQIC.</summary>
        public bool HasSources => generation >= Generation.Sources;
    }
}
