using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Captures;

namespace MulticastLab.LabRunner.Captures;

/// <summary>
/// Says on standard error what of a capture is odd, not decoded or not shown: the first of a kind as it comes, with its frame or offset,
/// how many there were at the end.
/// </summary>
internal sealed class CaptureRemarks(Terminal terminal, CaptureSource source)
{
    private const int MostOfAnError = 10;
    private const int MostKinds = 100;
    private const string Others = "more of other kinds";

    private readonly Dictionary<string, int> notDecoded = [];
    private readonly Dictionary<CaptureError, int> errors = [];
    private int told;
    private int undecided;
    private int firstUndecided;

    /// <summary>Looks at a frame, and at what has come with it.</summary>
    public void About(InspectedFrame inspected)
    {
        AboutTheRest();
        foreach (var notice in inspected.Packet.Notices)
            Say(notice, $"frame {inspected.Number}: ");
        if (inspected.Frame.NotDecoded is not { } what)
            return;
        var kind = notDecoded.ContainsKey(what) || notDecoded.Count < MostKinds ? what : Others;
        if (notDecoded.TryAdd(kind, 1))
            Say($"frame {inspected.Number}: {kind} is not decoded");
        else
            notDecoded[kind]++;
    }

    /// <summary>Notes that a frame is not shown, as nothing in it shows whether it is what the user has asked for.</summary>
    public void Undecided(InspectedFrame inspected)
    {
        if (undecided++ == 0)
            firstUndecided = inspected.Number;
    }

    /// <summary>Says how much of each kind there was.</summary>
    public void End()
    {
        AboutTheRest();
        foreach (var (kind, count) in notDecoded.Where(each => each.Value > 1))
            Say($"{kind} is not decoded: {count} frames");
        foreach (var (error, count) in errors.Where(each => each.Value > MostOfAnError))
            Say($"{count - MostOfAnError} more like these ({error})");
        if (undecided > 0)
            Say(
                $"{Frames(undecided)} not shown that end before they tell whether they are IGMP, the first is frame {firstUndecided}; "
                    + "without --igmp they are");
    }

    private void AboutTheRest()
    {
        for (; told < source.Reader.Notices.Count; told++)
            Say(source.Reader.Notices[told], "");
    }

    private void Say(CaptureNotice notice, string where)
    {
        var count = errors[notice.Error] = errors.GetValueOrDefault(notice.Error) + 1;
        if (count <= MostOfAnError)
            Say(where + notice.Text);
    }

    private void Say(string text) => terminal.Complain($"{source.Name}: {text}");

    private static string Frames(int count) => count == 1 ? "1 frame is" : $"{count} frames are";
}
