using System.Globalization;
using WanTalk.Core.Errors;

namespace WanTalk.Core.Quotes;

/// <summary>What GPUs cost.</summary>
/// <param name="PerHour">The price of an hour, by kind (<see cref="GpuKind"/>).</param>
/// <param name="Currency">The prices' currency, in three letters (ISO 4217).</param>
public sealed record GpuPrices(IReadOnlyDictionary<string, decimal> PerHour, string Currency)
{
    /// <summary>The variable with the prices of an hour: <c>A100=1.90,T4=0.26</c>.</summary>
    public const string PricesVariable = "WANTALK_GPU_PRICES";

    /// <summary>The variable with the prices' currency; USD by default.</summary>
    public const string CurrencyVariable = "WANTALK_CURRENCY";

    private const string DefaultCurrency = "USD";
    private const decimal MaxPrice = 10_000;
    private const int CostDecimals = 6;

    /// <summary>Where nothing has a price.</summary>
    public static GpuPrices None { get; } = new(new Dictionary<string, decimal>(), DefaultCurrency);

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Gives a variable's value.</param>
    /// <exception cref="TalkException">A variable is wrong, which it names.</exception>
    public static GpuPrices FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var prices = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var entry in (variable(PricesVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (gpu, price) = EntryOf(entry);
            if (!prices.TryAdd(gpu, price))
            {
                throw Wrong(PricesVariable, $"has two prices for {gpu}. Give one.");
            }
        }

        var currency = variable(CurrencyVariable) is { Length: > 0 } given ? given : DefaultCurrency;
        return currency.Length == 3 && currency.All(char.IsAsciiLetterUpper)
            ? new GpuPrices(prices, currency)
            : throw Wrong(CurrencyVariable, $"is '{currency}'. Give a currency's three capital letters, for example EUR.");
    }

    /// <summary>What seconds on a GPU cost; null without a price.</summary>
    /// <param name="gpu">The kind.</param>
    /// <param name="seconds">The seconds, at least 0.</param>
    public decimal? CostOf(string gpu, double seconds) =>
        PerHour.TryGetValue(gpu, out var price) ? Math.Round(price * (decimal)seconds / 3600, CostDecimals, MidpointRounding.AwayFromZero) : null;

    /// <summary>What uses of GPUs cost; null when there is none, or one without a price.</summary>
    public decimal? CostOf(IReadOnlyCollection<GpuUse> uses)
    {
        ArgumentNullException.ThrowIfNull(uses);
        var costs = uses.Select(use => CostOf(use.Gpu, use.Seconds)).ToList();
        return costs.Count > 0 && costs.TrueForAll(cost => cost is not null) ? costs.Sum() : null;
    }

    private static (string Gpu, decimal Price) EntryOf(string entry) =>
        entry.Split('=') is [var name, var text]
        && GpuKind.Of(name) is { } gpu
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
        && price <= MaxPrice
            ? (gpu, price)
            : throw Wrong(PricesVariable, $"has '{entry}'. Give GPU=PRICE, the price of an hour from 0 to {MaxPrice}, separated by commas: A100=1.90,T4=0.26.");

    private static TalkException Wrong(string variable, string what) => new(ErrorCode.ArgumentInvalid, $"{variable} {what}");
}
