namespace MulticastLab.Conformance.Reports.Pages.Sequences;

/// <summary>Something that a sequence diagram shows at its time.</summary>
/// <param name="At">When: seconds on the clock of the capture.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it says.</param>
internal sealed record SequenceMark(decimal At, MarkKind Kind, string Text)
{
    /// <summary>Who has sent it, or was to; null when that does not matter.</summary>
    public string? Sender { get; init; }

    /// <summary>On which LAN; null when it is on none.</summary>
    public string? Lan { get; init; }

    /// <summary>The number of the frame, or of the first of a stream.</summary>
    public int? Number { get; init; }

    /// <summary>When the last frame of a stream was sent, or was to be; its own time of everything else.</summary>
    public decimal Until { get; init; } = At;

    /// <summary>What is wrong with it, in words; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether it fulfils an expectation.</summary>
    public bool Fulfils { get; init; }

    /// <summary>Whether it is neither a message of the protocol nor a datagram of a stream: what else is on the LAN.</summary>
    public bool IsOther { get; init; }

    /// <summary>Whether it is to be seen however much there is.</summary>
    public bool Matters => Kind is MarkKind.Step or MarkKind.Missing or MarkKind.Note || Problems.Count > 0;
}

/// <summary>The kinds of <see cref="SequenceMark"/>, in the order of those at the same time.</summary>
internal enum MarkKind
{
    /// <summary>A step begins.</summary>
    Step,

    /// <summary>A frame, or a stream of datagrams.</summary>
    Frame,

    /// <summary>The last frame of a stream.</summary>
    End,

    /// <summary>A frame that should have been there, or several.</summary>
    Missing,

    /// <summary>Something wrong that is in no frame, such as the device's state.</summary>
    Note,

    /// <summary>Frames that are left out, as there are too many.</summary>
    LeftOut,
}
