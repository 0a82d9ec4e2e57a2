namespace Rocket.Models.Diagnostics;

/// <summary>A place in a file. Line and column count from 1; 0 where the file as a whole is meant.</summary>
public sealed record SourceLocation(string File, int Line = 0, int Column = 0)
{
    /// <summary><c>file(line,column)</c>, or the file alone.</summary>
    public override string ToString() => Line > 0 ? $"{File}({Line},{Math.Max(Column, 1)})" : File;
}
