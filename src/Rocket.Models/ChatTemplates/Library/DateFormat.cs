using System.Globalization;
using System.Text;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>C's <c>strftime</c> in English, as <c>strftime_now</c> has it.</summary>
internal static class DateFormat
{
    public static string Apply(string format, DateTimeOffset time)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            // A dash takes the leading zero or space away.
            bool isBare = format[++i] == '-' && i + 1 < format.Length;
            string part = Part(format[isBare ? ++i : i], time);
            text.Append(isBare ? part.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : "0" : part);
        }

        return text.ToString();
    }

    private static string Part(char directive, DateTimeOffset time) => directive switch
    {
        'Y' => Number(time.Year, 4),
        'y' => Number(time.Year % 100, 2),
        'm' => Number(time.Month, 2),
        'd' => Number(time.Day, 2),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => Number(time.Hour, 2),
        'I' => Number(((time.Hour + 11) % 12) + 1, 2),
        'M' => Number(time.Minute, 2),
        'S' => Number(time.Second, 2),
        'f' => Number((int)(time.TimeOfDay.Ticks / 10 % 1_000_000), 6),
        'j' => Number(time.DayOfYear, 3),
        'w' => Number((int)time.DayOfWeek, 1),
        'u' => Number(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
        'p' => time.Hour < 12 ? "AM" : "PM",
        'A' => time.ToString("dddd", CultureInfo.InvariantCulture),
        'a' => time.ToString("ddd", CultureInfo.InvariantCulture),
        'B' => time.ToString("MMMM", CultureInfo.InvariantCulture),
        'b' or 'h' => time.ToString("MMM", CultureInfo.InvariantCulture),
        'F' => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        'T' => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        'D' => time.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
        'z' or 'Z' => "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => throw new TemplateFailure($"the date format '%{directive}' is not supported"),
    };

    private static string Number(int value, int width) => value.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
}
