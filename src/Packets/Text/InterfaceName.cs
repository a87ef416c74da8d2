namespace MulticastLab.Packets.Text;

/// <summary>What Linux accepts as the name of a network interface.</summary>
public static class InterfaceName
{
    /// <summary>Such names as a regular expression.</summary>
    public const string Pattern = "^[!-.0-9;-~]{1,15}$";

    /// <summary>Whether an interface may have this name.</summary>
    public static bool IsValid(string name) =>
        name is { Length: > 0 and <= 15 } && name.All(letter => letter is > ' ' and <= '~' and not '/' and not ':');
}
