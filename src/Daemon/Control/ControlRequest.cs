using System.Text.Json;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Control;

/// <summary>
/// The members of a request, read strictly: what is missing or of the wrong type is refused with <see cref="ExitCode.Usage"/>. A member
/// that is null counts as absent.
/// </summary>
/// <remarks>By hand, and not by the serializer: a refusal names the member and what may stand there.</remarks>
/// <param name="call">The request.</param>
public readonly struct ControlRequest(ControlCall call)
{
    /// <summary>A text.</summary>
    /// <exception cref="ControlException">It is missing, or not a string.</exception>
    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    /// <summary>A text; null when it is not there.</summary>
    /// <exception cref="ControlException">It is not a string.</exception>
    public string? OptionalText(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw ControlException.Usage($"\"{name}\" is not a string");
    }

    /// <summary>Texts.</summary>
    /// <exception cref="ControlException">They are missing, or not a list of strings.</exception>
    public IReadOnlyList<string> Texts(string name) => OptionalTexts(name) ?? throw Missing(name);

    /// <summary>Texts; null when they are not there.</summary>
    /// <exception cref="ControlException">They are not a list of strings.</exception>
    public IReadOnlyList<string>? OptionalTexts(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
            throw ControlException.Usage($"\"{name}\" is not a list of strings");
        return [.. value.EnumerateArray().Select(each => each.GetString()!)];
    }

    /// <summary>An address; null when it is not there.</summary>
    /// <exception cref="ControlException">It is not an address.</exception>
    public Address? OptionalAddress(string name)
    {
        if (OptionalText(name) is not { } text)
            return null;
        return Address.TryParse(text, out var address) ? address : throw ControlException.Usage($"\"{name}\" is not an IP address: {text}");
    }

    /// <summary>A whole number.</summary>
    /// <exception cref="ControlException">It is missing, or not a whole number within these bounds.</exception>
    public long Number(string name, long least, long most) => OptionalNumber(name, least, most) ?? throw Missing(name);

    /// <summary>A whole number; null when it is not there.</summary>
    /// <exception cref="ControlException">It is not a whole number within these bounds.</exception>
    public long? OptionalNumber(string name, long least, long most)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw ControlException.Usage($"\"{name}\" is a whole number from {least} to {most}");
    }

    /// <summary>True or false; false when it is not there.</summary>
    /// <exception cref="ControlException">It is neither true nor false.</exception>
    public bool Flag(string name)
    {
        if (Find(name) is not { } value)
            return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw ControlException.Usage($"\"{name}\" is true or false");
    }

    private static ControlException Missing(string name) => ControlException.Usage($"\"{name}\" is missing");

    private JsonElement? Find(string name) =>
        call.Request.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
