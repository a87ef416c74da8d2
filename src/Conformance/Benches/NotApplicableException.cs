namespace MulticastLab.Conformance.Benches;

/// <summary>A test turns out not to apply to the device where it is.</summary>
/// <param name="why">Why, as a sentence without a full stop.</param>
internal sealed class NotApplicableException(string why) : Exception(why);
