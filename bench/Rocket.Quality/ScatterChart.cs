using System.Globalization;
using System.Text;

namespace Rocket.Quality;

/// <summary>Predicted against measured loss as an SVG image, both axes logarithmic, with the line where they are equal.</summary>
internal static class ScatterChart
{
    private const int Side = 420;
    private const int Margin = 60;

    /// <summary>Draws points; one whose measured loss is nothing or a gain lies on the lower edge, hollow.</summary>
    /// <param name="text">Named at the vertical axis.</param>
    /// <param name="points">Predicted and measured, nats a token.</param>
    public static string Draw(string text, IReadOnlyCollection<(double Predicted, double Measured)> points)
    {
        double[] drawn = [.. points.SelectMany(point => new[] { point.Predicted, point.Measured }).Where(value => value > 0).DefaultIfEmpty(1)];
        int first = (int)Math.Floor(Math.Log10(drawn.Min()));
        int last = Math.Max((int)Math.Ceiling(Math.Log10(drawn.Max())), first + 1);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Side + (2 * Margin)} {Side + (2 * Margin)}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int decade = first; decade <= last; decade++)
        {
            double at = Place(Math.Pow(10, decade));
            Line(Margin + at, Margin, Margin + at, Margin + Side, "#ddd");
            Line(Margin, Margin + Side - at, Margin + Side, Margin + Side - at, "#ddd");
            Label(Margin + at, Margin + Side + 18, "middle", $"1e{decade}");
            Label(Margin - 8, Margin + Side - at + 4, "end", $"1e{decade}");
        }

        Line(Margin, Margin + Side, Margin + Side, Margin, "#888");
        foreach ((double predicted, double measured) in points)
        {
            bool isLoss = measured > 0;
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Margin + Place(predicted):0.0}\" cy=\"{Margin + Side - (isLoss ? Place(measured) : 0):0.0}\" r=\"4\" fill=\"{(isLoss ? "#2563eb" : "none")}\" fill-opacity=\"0.6\" stroke=\"#2563eb\"/>\n");
        }

        Label(Margin + (Side / 2), Margin + Side + 42, "middle", "predicted loss, nats a token");
        Label(Margin, Margin - 20, "start", $"measured on {text}, nats a token (hollow: no loss)");
        return svg.Append("</svg>\n").ToString();

        double Place(double value) => Math.Max(0, (Math.Log10(value) - first) / (last - first) * Side);

        void Line(double x1, double y1, double x2, double y2, string colour)
            => svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.0}\" y1=\"{y1:0.0}\" x2=\"{x2:0.0}\" y2=\"{y2:0.0}\" stroke=\"{colour}\"/>\n");

        void Label(double x, double y, string anchor, string label)
            => svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.0}\" y=\"{y:0.0}\" text-anchor=\"{anchor}\">{label}</text>\n");
    }
}
