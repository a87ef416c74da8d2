using System.Globalization;
using System.Text.Json.Serialization;
using MulticastLab.Linux.Namespaces;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>A process, as it can be found again: the number alone may have been reused.</summary>
/// <param name="Id">The process id.</param>
/// <param name="StartTime">When it started, in clock ticks since boot.</param>
public sealed record ProcessRecord(int Id, long StartTime)
{
    /// <summary>Whether the process is alive.</summary>
    [JsonIgnore]
    public bool IsAlive
    {
        get
        {
            using var found = Find();
            return found is { HasEnded: false };
        }
    }

    /// <summary>Both numbers with a hyphen between.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}-{StartTime}");

    internal static ProcessRecord Of(ProcessReference process) => new(process.Id, process.StartTime);

    /// <summary>Reads what <see cref="ToString"/> has written; null when it is something else.</summary>
    internal static ProcessRecord? Parse(string text) =>
        text.Split('-') is [var id, var startTime]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(startTime, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new ProcessRecord(process, start)
            : null;

    /// <summary>Takes hold of it; null when it has ended.</summary>
    internal ProcessReference? Find() => ProcessReference.Find(Id, StartTime);
}
