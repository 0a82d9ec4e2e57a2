using System.Globalization;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Output;

/// <summary>Size against predicted loss, drawn with characters: what shares to remove would give, and the plans of the budgets.</summary>
internal static class CurvePlot
{
    private const int Rows = 12;
    private const int Margin = 10;
    private const int Widest = 100;
    private const int LeastPoints = 2;

    /// <summary>Draws the curve; nothing where fewer than two shares are in reach.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="points">The curve.</param>
    /// <param name="chosen">The budgets' plans, marked with letters.</param>
    public static void Render(Terminal terminal, string model, IReadOnlyCollection<WhatIfPoint> points, IReadOnlyList<(string Name, CompressionPlan Plan, long Bytes)> chosen)
    {
        (double X, double Y)[] curve = [.. points.Where(point => point.Plan is not null).Select(point => (X: (double)point.Bytes, Y: point.Plan!.Cost)).OrderBy(point => point.X)];
        if (curve.Length < LeastPoints)
        {
            return;
        }

        bool isUnicode = terminal.Out.Profile.Capabilities.Unicode;
        int columns = Math.Min(terminal.Out.Profile.Width, Widest) - Margin - 2;
        (double X, double Y)[] all = [.. curve, .. chosen.Select(plan => ((double)plan.Bytes, plan.Plan.Cost))];
        (double least, double most, double top) = (all.Min(point => point.X), all.Max(point => point.X), all.Max(point => point.Y));
        char[][] grid = [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Repeat(' ', columns).ToArray())];
        for (int column = Column(curve[0].X); column <= Column(curve[^1].X); column++)
        {
            grid[Row(At(curve, least + ((most - least) * column / (columns - 1))))][column] = isUnicode ? '·' : '.';
        }

        foreach ((double x, double y) in curve)
        {
            grid[Row(y)][Column(x)] = isUnicode ? '•' : 'o';
        }

        foreach (((string _, CompressionPlan plan, long bytes), int i) in chosen.Select((plan, i) => (plan, i)))
        {
            grid[Row(plan.Cost)][Column(bytes)] = Letter(i);
        }

        CompressionPlan any = points.First(point => point.Plan is not null).Plan!;
        terminal.WriteLine("");
        terminal.WriteLine($"{model}: predicted loss ({PlanView.InWords(any.Unit)}) against true bytes");
        for (int row = 0; row < Rows; row++)
        {
            string label = row == 0 || row == Rows - 1 ? Number(row == 0 ? top : 0) : "";
            terminal.WriteLine($"{label,Margin - 2} {(isUnicode ? '│' : '|')}{new string(grid[row]).TrimEnd()}");
        }

        terminal.WriteLine($"{new string(' ', Margin - 1)}{(isUnicode ? '└' : '+')}{new string(isUnicode ? '─' : '-', columns)}");
        terminal.WriteLine($"{new string(' ', Margin)}{Amounts.Size((long)least)}{Amounts.Size((long)most).PadLeft(columns - Amounts.Size((long)least).Length)}");
        foreach (((string name, CompressionPlan plan, long bytes), int i) in chosen.Select((plan, i) => (plan, i)))
        {
            terminal.WriteLine($"  {Letter(i)} {name}: {Amounts.Size(bytes)}, {Amounts.Percent(plan.RemovedShare)} removed, predicted loss {Number(plan.Cost)}");
        }

        int Column(double x) => most > least ? (int)Math.Round((x - least) / (most - least) * (columns - 1)) : 0;

        int Row(double y) => top > 0 ? Rows - 1 - (int)Math.Round(Math.Clamp(y / top, 0, 1) * (Rows - 1)) : Rows - 1;
    }

    private static char Letter(int index) => (char)('A' + (index % 26));

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    // Between two points of the curve, on the line that joins them.
    private static double At((double X, double Y)[] curve, double x)
    {
        int right = Array.FindIndex(curve, point => point.X >= x);
        if (right <= 0)
        {
            return right == 0 ? curve[0].Y : curve[^1].Y;
        }

        ((double x0, double y0), (double x1, double y1)) = (curve[right - 1], curve[right]);
        return x1 > x0 ? y0 + ((y1 - y0) * (x - x0) / (x1 - x0)) : y1;
    }
}
