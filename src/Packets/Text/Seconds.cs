using System.Globalization;

namespace MulticastLab.Packets.Text;

/// <summary>Times in seconds as text, exactly, with no more decimals than it takes.</summary>
public static class Seconds
{
    /// <summary><c>0.1</c>, as options and files have it.</summary>
    public static string Number(TimeSpan time) =>
        ((decimal)time.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture);

    /// <summary><c>0.1 s</c>, for people.</summary>
    public static string WithUnit(TimeSpan time) => Number(time) + " s";
}
