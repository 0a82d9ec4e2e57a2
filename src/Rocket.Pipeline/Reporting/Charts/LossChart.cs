using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting.Charts;

/// <summary>Loss against bytes as an SVG picture whose colours are the page's.</summary>
/// <param name="series">The lines.</param>
/// <param name="marks">What stands on the x axis: budgets and the dense model, with their bytes.</param>
/// <param name="unit">Bytes of one unit of the x axis, and its name.</param>
internal sealed class LossChart(ImmutableArray<Series> series, ImmutableArray<(string Name, double X)> marks, (double Bytes, string Name) unit)
{
    private const double Top = 42;
    private const double Bottom = 46;
    private const double Right = 26;
    private const double Left = 58;
    private const double CharacterWidth = 7;

    /// <summary>Draws it.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="label">What it shows, for those who cannot see it.</param>
    public XElement Draw(int width, int height, string label)
    {
        double[] xs = [.. series.SelectMany(line => line.Points.Select(point => point.X)).Concat(marks.Select(mark => mark.X))];
        double[] ys = [.. series.SelectMany(line => line.Points.Select(point => point.Y)).Where(double.IsFinite).Append(0)];
        double margin = (xs.Max() - xs.Min()) * 0.05;
        Scale x = Scale.Within(xs.Min() - margin, xs.Max() + margin, Math.Max(3, width / 130), Left, width - Right);
        Scale y = Scale.Over(ys.Min(), ys.Max(), 5, height - Bottom, Top);
        return Element(
            "svg",
            Class($"chart w{width}"),
            Attribute("viewBox", $"0 0 {width} {height}"),
            Attribute("role", "img"),
            Attribute("aria-label", label),
            y.Ticks.SelectMany(tick => HorizontalTick(tick, x, y)),
            x.Ticks.SelectMany(tick => VerticalTick(tick, x, height)),
            Marks(x, height),
            Text("axis-title", Left, 12, "start", "rise of the loss over dense, nats a token"),
            Text("axis-title", width - Right, height - 6, "end", $"true bytes, {unit.Name}"),
            series.Select(line => Draw(line, x, y)));
    }

    private static IEnumerable<XElement> HorizontalTick(double tick, Scale x, Scale y)
    {
        yield return Line(Math.Abs(tick) < y.Step / 2 ? "axis" : "grid", x.Start, y[tick], x.End, y[tick]);
        yield return Text("tick", x.Start - 8, y[tick] + 4, "end", Number(Math.Abs(tick) < y.Step / 2 ? 0 : tick, y.Decimals));
    }

    private static IEnumerable<XElement> VerticalTick(double tick, Scale x, double height)
    {
        yield return Line("axis", x[tick], height - Bottom, x[tick], height - Bottom + 5);
        yield return Text("tick", x[tick], height - Bottom + 19, "middle", Number(tick, x.Decimals));
    }

    // Names that would run into the one before them are left out; their lines stay.
    private IEnumerable<XElement> Marks(Scale x, double height)
    {
        double free = double.NegativeInfinity;
        foreach ((string name, double at) in marks.OrderBy(mark => mark.X))
        {
            double half = name.Length * CharacterWidth / 2;
            double centre = Math.Clamp(x[at], x.Start + half, x.End + Right - half);
            yield return Line("mark", x[at], Top, x[at], height - Bottom);
            if (centre - half > free)
            {
                yield return Text("mark-name", centre, Top - 5, "middle", name);
                free = centre + half + CharacterWidth;
            }
        }
    }

    private static XElement Draw(Series line, Scale x, Scale y)
    {
        return Element(
            "g",
            Class($"line {line.Style}"),
            line.Lines.Select(points => Element("polyline", Attribute("points", string.Join(' ', points.Where(IsFinite).Select(point => $"{Pixel(x[point.X])},{Pixel(y[point.Y])}"))))),
            line.Points.Where(IsFinite).Select(point => Element("circle", Attribute("cx", Pixel(x[point.X])), Attribute("cy", Pixel(y[point.Y])), Attribute("r", 4.5), Element("title", point.Label))));
    }

    private static bool IsFinite((double X, double Y, string Label) point) => double.IsFinite(point.Y);

    private static XElement Line(string style, double x1, double y1, double x2, double y2)
        => Element("line", Class(style), Attribute("x1", Pixel(x1)), Attribute("y1", Pixel(y1)), Attribute("x2", Pixel(x2)), Attribute("y2", Pixel(y2)));

    private static XElement Text(string style, double x, double y, string anchor, string text)
        => Element("text", Class(style), Attribute("x", Pixel(x)), Attribute("y", Pixel(y)), Attribute("text-anchor", anchor), text);

    private static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Number(double value, int decimals) => value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
