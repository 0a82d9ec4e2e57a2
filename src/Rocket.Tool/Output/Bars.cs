namespace Rocket.Tool.Output;

/// <summary>Bars of characters.</summary>
internal static class Bars
{
    private const int Eighths = 8;
    private const string Parts = " ▏▎▍▌▋▊▉█";

    /// <summary>A bar of a share, to an eighth of a character.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="width">Characters.</param>
    /// <param name="isUnicode">Whether block characters may be used.</param>
    public static string Of(double share, int width, bool isUnicode)
    {
        double filled = Math.Clamp(share, 0, 1) * width;
        if (!isUnicode)
        {
            int whole = (int)Math.Round(filled, MidpointRounding.AwayFromZero);
            return new string('#', whole) + new string('.', width - whole);
        }

        int eighths = (int)Math.Round(filled * Eighths, MidpointRounding.AwayFromZero);
        string full = new(Parts[^1], eighths / Eighths);
        return (eighths % Eighths == 0 ? full : full + Parts[eighths % Eighths]).PadRight(width);
    }
}
