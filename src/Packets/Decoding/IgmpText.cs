using System.Globalization;
using System.Text;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Text;

namespace MulticastLab.Packets.Decoding;

/// <summary>IGMP messages in a few words.</summary>
public static class IgmpText
{
    /// <summary>A query: <c>Group-Specific Query  239.1.1.1  S, QRV 2, QQI 125 s, Max Resp 1 s</c>.</summary>
    public static string Describe(Query query)
    {
        var text = new StringBuilder(query.Kind switch
        {
            QueryKind.General => "General Query",
            QueryKind.GroupSpecific => "Group-Specific Query",
            QueryKind.GroupAndSourceSpecific => "Group-and-Source-Specific Query",
        });
        if (query.Kind != QueryKind.General)
            text.Append("  ").Append(query.Group);
        if (!query.Sources.IsEmpty)
            AppendSources(text.Append(' '), query.Sources);
        if (query.Generation == Generation.Reports)
            return text.ToString();
        text.Append("  ");
        if (query.Generation.HasSources)
        {
            text.Append(query.SuppressRouterSideProcessing ? "S, " : "");
            text.Append(CultureInfo.InvariantCulture, $"QRV {query.RobustnessVariable}, QQI {Seconds.WithUnit(query.QueryInterval)}, ");
        }

        return text.Append(CultureInfo.InvariantCulture, $"Max Resp {Seconds.WithUnit(query.MaxResponseTime)}").ToString();
    }

    /// <summary>A report: <c>Report  239.1.1.1 TO_EX {}; 232.1.1.1 ALLOW {192.0.2.1}</c>.</summary>
    public static string Describe(Report report)
    {
        var text = new StringBuilder("Report");
        var separator = "  ";
        foreach (var record in report)
        {
            text.Append(separator).Append(record.Group).Append(' ').Append(record.Type.ShortName()).Append(' ');
            AppendSources(text, record.Sources);
            separator = "; ";
        }

        return report.RecordCount == 0 ? "Report  no records" : text.ToString();
    }

    /// <summary>A report or leave of version 1 or 2: <c>Leave  239.1.1.1</c>.</summary>
    public static string Describe(IgmpType type, Address group) => $"{(type == IgmpType.V2LeaveGroup ? "Leave" : "Report")}  {group}";

    private static void AppendSources(StringBuilder text, SourceList sources)
    {
        text.Append('{');
        for (var i = 0; i < sources.Count; i++)
            text.Append(i == 0 ? "" : ", ").Append(sources[i]);
        text.Append('}');
    }
}
