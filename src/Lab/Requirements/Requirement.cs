namespace MulticastLab.Lab.Requirements;

/// <summary>One testable requirement of the catalogue.</summary>
/// <param name="Id">The stable id, such as <c>V3-R-6.6.2-01</c>.</param>
/// <param name="Slug">The mnemonic alias, such as <c>r-el-lower-wins</c>.</param>
/// <param name="Rfc">The number of the RFC that it comes from.</param>
/// <param name="Section">The section of that RFC.</param>
/// <param name="Level">MUST, SHOULD, MAY, or "implied": normative by table, algorithm or default value.</param>
/// <param name="Role">Whom it binds: R routers, H hosts, M both (messages), X both beside older versions, S source-specific multicast, P
/// proxies, N snooping switches.</param>
/// <param name="Priority">1 core, 2 useful, 3 policy, robustness or ambiguous: no device fails on one of priority 3 alone.</param>
/// <param name="Text">What is required, in one sentence.</param>
/// <param name="Twin">For a requirement of MLDv2, its IGMPv3 counterpart, which may ask for the opposite; null when there is
/// none.</param>
/// <param name="Interpretation">How it is read here, where the text leaves room or RFC 3376 says otherwise; null where it is plain.</param>
public sealed record Requirement(string Id, string Slug, int Rfc, string Section, string Level, string Role, int Priority, string Text,
    string? Twin = null, string? Interpretation = null)
{
    /// <summary><c>V3-R-6.6.2-01 (RFC 9776 §6.6.2): The router with …</c></summary>
    public override string ToString() => $"{Id} (RFC {Rfc} §{Section}{(Level == "implied" ? "" : $", {Level}")}): {Text}";
}
