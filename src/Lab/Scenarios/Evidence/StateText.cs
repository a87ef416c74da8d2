using System.Text;
using System.Text.Json;
using MulticastLab.Membership.State;

namespace MulticastLab.Lab.Scenarios.Evidence;

/// <summary>State dumps as JSON text.</summary>
internal static class StateText
{
    /// <summary>In one line.</summary>
    public static string Of(RouterState state)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            RouterStateJson.Write(json, state);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
