namespace Rocket.Models.Tokenization.Subwords;

/// <summary>What a BPE model does beside merging.</summary>
/// <param name="UnknownId">The token for characters outside the vocabulary, or -1 to drop them.</param>
/// <param name="FuseUnknown">Whether a run of unknown characters is one token.</param>
/// <param name="ByteFallback">Whether unknown characters become byte tokens where these exist.</param>
/// <param name="IgnoreMerges">Whether a piece that is a token is taken whole.</param>
/// <param name="ContinuingPrefix">What every character but a piece's first begins with.</param>
/// <param name="EndSuffix">What a piece's last character ends with.</param>
internal sealed record BpeOptions(int UnknownId, bool FuseUnknown, bool ByteFallback, bool IgnoreMerges, string ContinuingPrefix, string EndSuffix);
