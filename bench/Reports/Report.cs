using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WanTalk.Bench.Reports;

/// <summary>What a benchmark found: printed as it comes, and written as JSON at the end.</summary>
/// <param name="name">The benchmark's name on the command line.</param>
/// <param name="about">What is measured, and on what.</param>
internal sealed class Report(string name, string about)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Figure> _figures = [];
    private readonly Machine _machine = Machine.Now();

    /// <summary>Whether every figure with a goal meets it.</summary>
    public bool MeetsItsGoals => _figures.All(figure => figure.IsMet != false);

    /// <summary>Says what is measured.</summary>
    public void Begin() => Console.WriteLine($"{name}: {about}");

    /// <summary>Tells a figure that only informs.</summary>
    public void Tell(string what, double value, string unit) => Add(new Figure(what, value, unit));

    /// <summary>Tells a ratio that has a goal.</summary>
    public void Ratio(string what, double value, Goal goal) => Add(new Figure(what, value, "ratio") { Goal = goal });

    /// <summary>Tells a figure that has a goal.</summary>
    public void Tell(string what, double value, string unit, Goal goal) => Add(new Figure(what, value, unit) { Goal = goal });

    /// <summary>Writes <c>{name}.json</c>.</summary>
    /// <param name="folder">Where; made when it is missing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var file = File.Create(Path.Combine(folder, $"{name}.json"));
        await JsonSerializer.SerializeAsync(file, new { name, about, machine = _machine, figures = _figures }, Json, cancellationToken);
    }

    private void Add(Figure figure)
    {
        _figures.Add(figure);
        var goal = figure.Goal is null ? "" : $"  ({figure.Goal}: {(figure.IsMet == true ? "met" : "MISSED")})";
        Console.WriteLine($"  {figure.What,-70} {Text(figure.Value),10} {figure.Unit}{goal}");
    }

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.0", >= 0.1 or 0 => "0.00", _ => "0.0000" }, CultureInfo.InvariantCulture);
}
