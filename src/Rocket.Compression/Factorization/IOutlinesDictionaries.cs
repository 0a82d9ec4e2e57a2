namespace Rocket.Compression.Factorization;

/// <summary>Tells of a linear's dictionaries what can be known before they are solved for.</summary>
public interface IOutlinesDictionaries
{
    /// <summary>The outlines; sorted when they are first asked for.</summary>
    DictionaryOutlines Outlines { get; }
}
