namespace Rocket.Models.Tokenization.AddedTokens;

/// <summary>A token that is found in the text before the subword model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">Whether decoding may leave it out.</param>
/// <param name="SingleWord">Whether it counts only where no word character adjoins it.</param>
/// <param name="StripsLeft">Whether it takes the white space before it.</param>
/// <param name="StripsRight">Whether it takes the white space after it.</param>
/// <param name="IsNormalized">Whether it is looked for in the normalized text, itself normalized, rather than in the raw text.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, bool SingleWord, bool StripsLeft, bool StripsRight, bool IsNormalized);
