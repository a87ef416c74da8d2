using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>The members of a request, read strictly: what is missing or of another kind is refused with exit code 2.</summary>
internal readonly struct ControlRequest(ControlCall call)
{
    /// <summary>A text.</summary>
    /// <exception cref="ControlException">It is not there, or not a text.</exception>
    public string Text(string name) => OptionalText(name) ?? throw new ControlException($"'{call.Command}' needs \"{name}\"", 2);

    /// <summary>A text; null when it is not there.</summary>
    /// <exception cref="ControlException">It is not a text.</exception>
    public string? OptionalText(string name)
    {
        if (!call.Request.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new ControlException($"\"{name}\" of '{call.Command}' is not a text", 2);
    }

    /// <summary>Texts.</summary>
    /// <exception cref="ControlException">They are not there, or not a list of texts.</exception>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!call.Request.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
        {
            throw new ControlException($"'{call.Command}' needs a list of texts \"{name}\"", 2);
        }

        return [.. value.EnumerateArray().Select(each => each.GetString()!)];
    }

    /// <summary>An address; null when it is not there.</summary>
    /// <exception cref="ControlException">It is not an address.</exception>
    public Address? OptionalAddress(string name)
    {
        if (OptionalText(name) is not { } text)
            return null;
        return Address.TryParse(text, out var address) ? address : throw new ControlException($"\"{name}\" of '{call.Command}' is not an IP address: {text}", 2);
    }
}
